import Testing

/// One after the other: a simulation leaves the threads that it runs on to nobody else.
@Suite(.serialized) struct HistoryTests {}

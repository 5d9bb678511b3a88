import ArgumentParser

/// `skein store`.
struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Look after the cluster store: copies, and moves to another store",
        discussion: """
            These ask the store itself and no daemon: name it as the daemons do, with --cluster-store. An embedded store is reached through \
            the controller that serves it (etcd://HOST:2379); when no process has it open, also by its file (embedded:///PATH).
            """,
        subcommands: [StoreStatus.self, StoreBackup.self, StoreRestoring.self, StoreExport.self, StoreImport.self])
}

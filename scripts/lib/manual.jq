# The body of a manual page (man(7)) from what a program says of itself with --experimental-dump-help. Arguments: $title, $section, $tail
# (the sections that are written by hand).

# In roff a backslash escapes, a hyphen may be broken at, and a dot or an apostrophe at the start of a line begins a request.
def roff: gsub("\\\\"; "\\e") | gsub("-"; "\\-") | gsub("(?<start>^|\n)(?<mark>[.'])"; "\(.start)\\&\(.mark)");

# Lines that are indented are examples.
def prose:
  split("\n") | map(if startswith("  ") then "E" + ltrimstr("  ") else "P" + . end)
  | reduce .[] as $line ({out: [], example: false};
      ($line[1:]) as $text
      | if $line[0:1] == "E" then .out += (if .example then [] else [".PP", ".RS 4", ".nf"] end) + [$text | roff] | .example = true
        elif $text == "" then .out += (if .example then [".fi", ".RE"] else [".PP"] end) | .example = false
        else .out += (if .example then [".fi", ".RE"] else [] end) + [$text | roff] | .example = false end)
  | .out + (if .example then [".fi", ".RE"] else [] end) | join("\n");

def option_name: (if .kind == "short" then "-" else "--" end) + .name | roff | "\\fB\(.)\\fR";

def sort_names: sort_by(if .kind == "short" then 0 else 1 end);

# A line of names and the value, and what it means.
def argument:
  ".TP\n"
  + (if .kind == "positional" then "\\fI\(.valueName | roff)\\fR"
     else (.names | sort_names | map(option_name) | join(", ")) + (if .kind == "option" then " \\fI\(.valueName | roff)\\fR" else "" end)
     end)
  + (if .isRepeating then " ..." else "" end) + "\n"
  + ((.abstract // "") | roff)
  + (if .defaultValue and .kind != "flag" and ((.abstract // "") | contains("(default:") | not) then " (default: \(.defaultValue | roff))" else "" end);

def own_arguments:
  [(.arguments // [])[] | select(.shouldDisplay and (([.names[]?.name] - ["help", "version"]) != [] or .kind == "positional"))];

def words: (.superCommands // []) + [.commandName] | join(" ");

def positionals: own_arguments | map(select(.kind == "positional")
    | (if .isOptional then "[\\fI\(.valueName | roff)\\fR]" else "\\fI\(.valueName | roff)\\fR" end) + (if .isRepeating then "..." else "" end))
  | map(" " + .) | join("");

# One command below the first: a heading, how it is called, what it does, its arguments.
def section:
  ".SS \(words | roff)\n\(.abstract | roff).\n.PP\n\\fB\(words | roff)\\fR [\\fIoption\\fR...]\(positionals)\n"
  + (if .discussion then ".PP\n\(.discussion | prose)\n" else "" end)
  + (own_arguments | map(argument + "\n") | join(""));

def shown: [(.subcommands // [])[] | select(.shouldDisplay and .commandName != "help")];

def leaves: if shown == [] then . else shown[] | leaves end;

.command as $program
| ".TH \($title | ascii_upcase | roff) \($section) \"\" Skein \"Skein\"\n"
  + ".SH NAME\n\($title | roff) \\- \($program.abstract | rtrimstr(".") | roff)\n"
  + ".SH SYNOPSIS\n\\fB\($title | roff)\\fR "
  + (if ($program | shown) == [] then "[\\fIoption\\fR...]\n" else "[\\fB\\-H\\fR \\fIaddress\\fR] \\fIcommand\\fR [\\fIoption\\fR...] [\\fIargument\\fR...]\n" end)
  + ".SH DESCRIPTION\n\(($program.discussion // $program.abstract) | prose)\n"
  + ($program | own_arguments | if . == [] then "" else ".SH OPTIONS\n" + (map(argument + "\n") | join("")) end)
  + (if ($program | shown) == [] then "" else ".SH COMMANDS\n" + ([$program | shown[] | leaves | section] | join("")) end)
  + $tail

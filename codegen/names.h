// Names that may come from a stranger's file, made safe to be SystemVerilog identifiers and file
// names.
#pragma once

#include <string>
#include <string_view>

namespace tilewright {

// The stem of every generated module and file: [a-z][a-z0-9_]*, at most 34 characters, never that
// of the hand-written library ("tcc..."). Other characters become one '_'; an empty result is
// "design".
std::string design_identifier(std::string_view name);

// `text` for a comment of one line: printable ASCII without backslash, at most 100 characters.
std::string comment_text(std::string_view text);

// True for a plain file name of our own folders: [A-Za-z0-9_][A-Za-z0-9_.]*, no "..".
bool plain_file_name(std::string_view name);

}  // namespace tilewright

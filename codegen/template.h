// Text with holes: "@NAME@", NAME of capitals and digits, is replaced by the value of NAME. Any
// other '@' stands for itself.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tilewright {

using Holes = std::vector<std::pair<std::string_view, std::string>>;

// Every hole of `text` filled, in one pass: filled-in text is not looked at again. Throws Error
// TW-GEN-090 for a hole without a value.
std::string fill(std::string_view text, const Holes& holes);

// `text` as line comments: each line behind `marker` and a space.
std::string commented(std::string_view text, std::string_view marker);

}  // namespace tilewright

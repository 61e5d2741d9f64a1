#include "support/error.h"

#include <utility>

namespace tilewright {
namespace {

// One line, whatever the input held: control characters of a hostile name must not reach a
// terminal.
std::string printable(std::string text) {
  constexpr std::size_t kLongest = 400;
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "...";
  return text;
}

std::string one_line(const std::string& id, const std::string& what, const std::string& where,
                     const std::string& fix) {
  std::string line = id + ": ";
  if (!where.empty()) line += where + ": ";
  line += what;
  if (!fix.empty()) line += "; " + fix;
  return line;
}

}  // namespace

Error::Error(std::string id, std::string what, std::string where, std::string fix, ErrorKind kind)
    : std::runtime_error(one_line(id, printable(what), printable(where), printable(fix))),
      id_(std::move(id)),
      message_(printable(std::move(what))),
      where_(printable(std::move(where))),
      fix_(printable(std::move(fix))),
      kind_(kind) {}

}  // namespace tilewright

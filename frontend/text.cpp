#include "frontend/text.h"

namespace tilewright {

std::string printable(std::string_view text) {
  constexpr std::size_t kLimit = 160;
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (const char c : text.substr(0, kLimit)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += "\\x";
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  return text.size() > kLimit ? out + "..." : out;
}

}  // namespace tilewright

#include "codegen/asm_expression.h"

#include <algorithm>
#include <charconv>

#include "support/error.h"

namespace tilewright {
namespace {

bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Term after term, joined by + and -.
class Reader {
 public:
  Reader(std::string_view text, const SymbolValue& symbols, const std::string& where)
      : text_(text), symbols_(symbols), where_(where) {}

  std::int64_t whole() {
    const std::int64_t value = sum();
    if (at_ < text_.size()) refuse();
    return value;
  }

 private:
  [[noreturn]] void refuse() const {
    throw Error("TW-ASM-002", "'" + std::string(text_) + "' is no number or expression", where_,
                "write numbers, names, +, -, %hi(...) or %lo(...)");
  }

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::int64_t sum() {
    std::int64_t value = term();
    while (true) {
      if (take('+')) {
        value += term();
      } else if (take('-')) {
        value -= term();
      } else {
        return bounded(value);
      }
    }
  }

  std::int64_t bounded(std::int64_t value) const {
    constexpr std::int64_t kMost = (std::int64_t{1} << 32) - 1;
    if (value >= -(kMost + 1) && value <= kMost) return value;
    throw Error("TW-ASM-004", "'" + std::string(text_) + "' is beyond 32 bits", where_);
  }

  std::int64_t term() {
    if (take('-')) return -term();
    if (take('%')) return part();
    skip_blanks();
    if (at_ == text_.size()) refuse();
    if (is_digit(text_[at_])) return number();
    if (starts_name(text_[at_])) return symbol();
    refuse();
  }

  // %hi(...) or %lo(...)
  std::int64_t part() {
    const std::string name = word();
    if ((name != "hi" && name != "lo") || !take('(')) refuse();
    const auto value = static_cast<std::uint32_t>(sum());
    if (!take(')')) refuse();
    return name == "hi" ? std::int64_t{high_part(value)} : std::int64_t{low_part(value)};
  }

  std::int64_t number() {
    const bool hex = text_.substr(at_).starts_with("0x");
    if (hex) at_ += 2;
    std::uint64_t value = 0;
    const char* begin = text_.data() + at_;
    const auto [end, problem] =
        std::from_chars(begin, text_.data() + text_.size(), value, hex ? 16 : 10);
    if (problem == std::errc::result_out_of_range || value >> 32 != 0)
      throw Error("TW-ASM-004", "'" + std::string(text_) + "' is beyond 32 bits", where_);
    if (problem != std::errc{}) refuse();
    at_ += static_cast<std::size_t>(end - begin);
    return static_cast<std::int64_t>(value);
  }

  std::string word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (starts_name(text_[at_]) || is_digit(text_[at_]))) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::int64_t symbol() {
    const std::string name = word();
    if (const auto value = symbols_(name)) return *value;
    throw Error("TW-ASM-003", "'" + name + "' is not defined", where_);
  }

  std::string_view text_;
  const SymbolValue& symbols_;
  const std::string& where_;
  std::size_t at_ = 0;
};

}  // namespace

bool is_symbol_name(std::string_view text) {
  return !text.empty() && text != "." && starts_name(text.front()) &&
         std::ranges::all_of(text, [](char c) { return starts_name(c) || is_digit(c); });
}

std::int64_t expression_value(std::string_view text, const SymbolValue& symbols,
                              const std::string& where) {
  return Reader(text, symbols, where).whole();
}

std::uint32_t high_part(std::uint32_t value) {
  return (value + 0x800) >> 12;
}

std::int32_t low_part(std::uint32_t value) {
  return static_cast<std::int32_t>(value << 20) >> 20;
}

}  // namespace tilewright

// Numbers in assembly text.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tilewright {

// Of a name; nullopt when it is not defined.
using SymbolValue = std::function<std::optional<std::int64_t>(const std::string&)>;

bool is_symbol_name(std::string_view text);

// Throws Error TW-ASM-002 for text that is no expression, 003 for an undefined name, 004 for a
// number beyond 2^32; `where` is the place.
std::int64_t expression_value(std::string_view text, const SymbolValue& symbols,
                              const std::string& where);

// What lui and addi make `value` of: value = high << 12 + low, modulo 2^32, low within -2048..2047.
std::uint32_t high_part(std::uint32_t value);
std::int32_t low_part(std::uint32_t value);

}  // namespace tilewright

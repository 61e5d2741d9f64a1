#include "agents/settings.h"

#include <charconv>
#include <cmath>
#include <sstream>
#include <utility>

#include "support/error.h"
#include "support/table.h"

namespace tilewright {
namespace {

[[noreturn]] void refuse(const std::string& searcher, const std::string& what,
                         const std::string& fix) {
  throw Error("TW-AGENT-002", what, "settings of searcher '" + searcher + "'", fix);
}

std::string range_text(double lo, double hi) {
  std::ostringstream text;
  text << "give a number from " << lo << " to " << hi;
  return text.str();
}

// Without an exponent, as a user would write it.
std::string plain_number(double value) {
  constexpr int kDigits = 6;
  if (value == std::floor(value)) return std::to_string(static_cast<std::int64_t>(value));
  std::string text = format_number({value, kDigits});
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

}  // namespace

SettingsReader::SettingsReader(std::string searcher, const SearchOptions& options)
    : searcher_(std::move(searcher)), on_setting_(options.on_setting), given_(options.settings) {}

const std::string* SettingsReader::given(const std::string& key, const std::string& fallback) {
  if (on_setting_) on_setting_(key, fallback);
  known_.insert(key);
  const auto found = given_.find(key);
  return found == given_.end() ? nullptr : &found->second;
}

double SettingsReader::number(const std::string& key, double fallback, double lo, double hi) {
  const std::string* found = given(key, plain_number(fallback));
  if (found == nullptr) return fallback;
  const std::string& text = *found;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || !std::isfinite(value) || value < lo || value > hi) {
    refuse(searcher_, "setting '" + key + "' cannot be '" + text + "'", range_text(lo, hi));
  }
  return value;
}

std::int64_t SettingsReader::integer(const std::string& key, std::int64_t fallback, std::int64_t lo,
                                     std::int64_t hi) {
  const double value =
      number(key, static_cast<double>(fallback), static_cast<double>(lo), static_cast<double>(hi));
  if (value != std::floor(value)) {
    refuse(searcher_, "setting '" + key + "' is not whole", "give a whole number");
  }
  return static_cast<std::int64_t>(value);
}

bool SettingsReader::flag(const std::string& key, bool fallback) {
  return integer(key, fallback ? 1 : 0, 0, 1) == 1;
}

std::string SettingsReader::text(const std::string& key, const std::string& fallback) {
  const std::string* found = given(key, fallback);
  return found == nullptr ? fallback : *found;
}

void SettingsReader::finish() const {
  for (const auto& [key, value] : given_) {
    if (known_.contains(key)) continue;
    std::string keys;
    for (const std::string& known : known_) keys += (keys.empty() ? "" : ", ") + known;
    refuse(searcher_, "there is no setting '" + key + "'",
           keys.empty() ? "it takes none" : "known settings: " + keys);
  }
}

}  // namespace tilewright

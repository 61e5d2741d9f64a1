// A searcher's own settings (`--set key=value`), read with ranges; a key that nobody read is an
// error.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "agents/searcher.h"

namespace tilewright {

class SettingsReader {
 public:
  SettingsReader(std::string searcher, const SearchOptions& options);

  // The setting within [lo, hi], or the fallback. Throws Error TW-AGENT-002 naming key and range.
  double number(const std::string& key, double fallback, double lo, double hi);
  std::int64_t integer(const std::string& key, std::int64_t fallback, std::int64_t lo,
                       std::int64_t hi);
  bool flag(const std::string& key, bool fallback);  // 0 or 1
  std::string text(const std::string& key, const std::string& fallback);
  // Throws Error TW-AGENT-002 for a setting that was not read.
  void finish() const;

 private:
  // Notes the key; the text that was given for it, if any.
  const std::string* given(const std::string& key, const std::string& fallback);

  std::string searcher_;
  std::function<void(const std::string&, const std::string&)> on_setting_;
  std::map<std::string, std::string> given_;
  std::set<std::string> known_;
};

}  // namespace tilewright

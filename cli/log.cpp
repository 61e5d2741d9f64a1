#include "cli/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace tilewright {
namespace {

// Coloured on a terminal only.
spdlog::logger& log() {
  static const auto kLogger = [] {
    auto logger = std::make_shared<spdlog::logger>(
        "tilewright", std::make_shared<spdlog::sinks::stderr_color_sink_st>());
    logger->set_pattern("%n: %^%l%$: %v");
    logger->set_level(spdlog::level::warn);
    return logger;
  }();
  return *kLogger;
}

}  // namespace

void set_verbosity(std::int64_t level) {
  constexpr spdlog::level::level_enum kLevels[] = {spdlog::level::warn, spdlog::level::info,
                                                   spdlog::level::debug};
  log().set_level(kLevels[std::clamp<std::int64_t>(level, 0, 2)]);
}

void log_warning(const std::string& text) {
  log().warn(text);
}

void log_phase(const std::string& text) {
  log().info(text);
}

void log_detail(const std::string& text) {
  log().debug(text);
}

}  // namespace tilewright

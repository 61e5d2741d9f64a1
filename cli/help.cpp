#include "cli/help.h"

#include <CLI/CLI.hpp>

namespace tilewright {
namespace {

std::string type_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();  // "INT:INT in [1 - 1024]"
  const std::string bare = type.substr(0, type.find(':'));
  return bare == "INT" || bare == "UINT" ? "N" : bare == "FLOAT" ? "X" : bare;
}

class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    if (!option->get_option_text().empty()) return " " + option->get_option_text();
    if (option->get_type_size() == 0) return "";
    const bool list = option->get_expected_max() == CLI::detail::expected_max_vector_size;
    return " " + type_of(*option) + (list ? ",..." : "");
  }

  std::string make_option_desc(const CLI::Option* option) const override {
    const std::string standard = option->get_default_str();
    return option->get_description() + (standard.empty() ? "" : " (default " + standard + ")");
  }

  // With the options that must be given.
  std::string make_usage(const CLI::App* app, std::string name) const override {
    std::string usage = CLI::Formatter::make_usage(app, name);
    while (!usage.empty() && usage.back() == '\n') usage.pop_back();
    const auto is_needed = [](const CLI::Option* option) {
      return option->get_required() && option->nonpositional();
    };
    for (const CLI::Option* option : app->get_options(is_needed))
      usage += " " + option->get_name() + make_option_opts(option);
    return usage + "\n";
  }
};

}  // namespace

std::shared_ptr<CLI::FormatterBase> help_formatter() {
  auto formatter = std::make_shared<HelpFormatter>();
  formatter->label("SUBCOMMAND", "VERB");
  formatter->label("Positionals", "Arguments");
  return formatter;
}

}  // namespace tilewright

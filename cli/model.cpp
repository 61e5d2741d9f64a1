// tilewright model: writes a built-in workload as an ONNX file.
#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>

#include "cli/manifest.h"
#include "cli/options.h"
#include "cli/summary.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "models/models.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"

namespace tilewright {
namespace {

struct ModelVerbOptions {
  CommonOptions common;
  std::string name, output, from;
  bool list = false, half = false;
};

int list_models(bool json) {
  if (json) {
    Json all = Json::array();
    for (const ModelInfo& info : builtin_models())
      all.push_back({{"name", info.name}, {"description", info.description}});
    print_json(all);
    return 0;
  }
  Lines lines("Built-in models:");
  for (const ModelInfo& info : builtin_models()) lines.add(info.name, "  " + info.description);
  print(lines.text());
  return 0;
}

void write_model(const ModelVerbOptions& o) {
  if (!o.from.empty()) return convert_checkpoint(o.from, o.half, o.output);
  write_file(o.output, build_model(o.name, o.common.seed));
}

int run_model(const ModelVerbOptions& o) {
  if (o.list) return list_models(o.common.json);
  if (o.name.empty() == o.from.empty() || o.output.empty()) {
    throw Error("TW-CLI-015", "a name or --from FILE, and -o FILE are needed", "command line",
                "see the names with --list");
  }
  Timings timings;
  write_model(o);
  timings.stage("write");
  const std::string name = o.from.empty() ? o.name : std::filesystem::path(o.from).stem().string();
  const std::uintmax_t bytes = std::filesystem::file_size(o.output);
  if (o.common.json) {
    print_json(Json{{"name", name},
                    {"file", o.output},
                    {"bytes", bytes},
                    {"sha256", sha256_of_file(o.output)}});
  } else {
    print(name + " written to " + o.output + ", " + bytes_text(static_cast<double>(bytes)) + "\n");
  }
  return 0;
}

}  // namespace

void add_model(CLI::App& app, Run& run) {
  auto o = std::make_shared<ModelVerbOptions>();
  CLI::App* verb =
      app.add_subcommand("model", "writes a built-in workload, or a checkpoint, as an ONNX file");
  verb->add_option("NAME", o->name, "a name that --list prints")->type_name("");
  verb->add_option("-o,--output", o->output, "file to write")->type_name("FILE");
  verb->add_option("--from", o->from, "a llama2.c checkpoint to convert, with its weights")
      ->type_name("FILE");
  verb->add_flag("--half", o->half, "with --from: weights in float16 instead of float32");
  verb->add_flag("--list", o->list, "lists the built-in models");
  add_options(*verb, o->common);
  verb->footer(
      "Examples:\n"
      "  tilewright model --list\n"
      "  tilewright model llama-3.1-8b -o llama.onnx     weights stay external and need not exist\n"
      "  tilewright model llama-tiny --seed 7 -o tiny.onnx\n"
      "  tilewright model --from stories260K.bin -o stories.onnx");
  verb->callback([o, &run] { run = [o] { return run_model(*o); }; });
}

}  // namespace tilewright

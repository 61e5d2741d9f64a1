// Help, version, usage errors and hostile input: what every verb owes its user.
#include <algorithm>
#include <string>

#include "program.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"
#include "support/random.h"
#include "support/table.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kVerbs{"compile",  "sweep",  "tables", "model",     "inspect",
                                      "evaluate", "verify", "diff",   "calibrate", "explore"};

using Verbs = Program;

TEST_F(Verbs, EveryVerbHasHelpWithExamplesAndTheSharedOptions) {
  const Outcome help = run({"--help"});
  EXPECT_EQ(help.status, 0);
  for (const std::string& verb : kVerbs) {
    EXPECT_NE(help.out.find(verb), std::string::npos) << verb;
    const Outcome outcome = run({verb, "--help"});
    EXPECT_EQ(outcome.status, 0) << verb;
    EXPECT_EQ(outcome.err, "") << verb;
    for (const std::string& word :
         {std::string("Example"), "tilewright " + verb, std::string("--seed"),
          std::string("--threads"), std::string("--json"), std::string("--verbose")}) {
      EXPECT_NE(outcome.out.find(word), std::string::npos) << verb << " lacks " << word;
    }
  }
}

TEST_F(Verbs, TheVersionIsPrinted) {
  const Outcome outcome = run({"--version"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_TRUE(outcome.out.starts_with("tilewright 0."));
}

TEST_F(Verbs, AWrongCommandLineIsOneLineAndStatus2) {
  const std::vector<std::vector<std::string>> lines{
      {},
      {"nonsense"},
      {"compile", "--no-such-option", "-o", "x"},
      {"compile"},  // no -o
      {"compile", "--seed", "minus one", "-o", "x"},
      {"compile", "--threads", "0", "-o", "x"},
      {"compile", "--episodes", "0", "-o", "x"},
      {"compile", "--node", "2nm", "-o", "x"},
      {"compile", "--node", "banana", "-o", "x"},
      {"compile", "--mode", "turbo", "-o", "x"},
      {"compile", "--level", "L9", "-o", "x"},
      {"compile", "--agent", "oracle", "-o", "x"},
      {"compile", "--calibration", "../../etc", "-o", "x"},
      {"compile", "--dim", "batch", "-o", "x"},
      {"compile", "--dim", "batch=-1", "-o", "x"},
      {"compile", "--power-budget", "-5", "-o", "x"},
      {"compile", "--clock", "nan", "-o", "x"},
      {"compile", "--time-limit", "-1", "-o", "x"},
      {"compile", "--time-limit", "soon", "-o", "x"},
      {"compile", "no-such-model", "-o", "x"},
      {"inspect", "no-such-file.onnx"},
      {"evaluate"},
      {"evaluate", "none/design.json"},
      {"evaluate", "printed", "llama-tiny"},
      {"evaluate", "--csv", "none.csv"},
      {"diff", "a"},
      {"diff", "a", "b"},
      {"model"},
      {"model", "none", "-o", "x.onnx"},
      {"verify", "none"},
      {"tables", "--table", "99", "-o", "x"},
      {"tables", "--level", "L9", "-o", "x"},
      {"sweep", "no-such-model", "-o", "x"},
      {"sweep", "--agent", "oracle", "-o", "x"},
      {"sweep", "--nodes", "1nm", "-o", "x"},
  };
  for (const auto& line : lines) {
    std::string text;
    for (const std::string& word : line) text += word + " ";
    expect_one_error_line(run(line), text);
    EXPECT_FALSE(fs::exists(folder_ / "x")) << text;
  }
}

TEST_F(Verbs, AWordThatIsNoVerbIsNamedBesideThoseThatAre) {
  const std::string error = run({"complie"}).err;
  EXPECT_NE(error.find("'complie'"), std::string::npos) << error;
  EXPECT_NE(error.find("compile, sweep"), std::string::npos) << error;
}

TEST_F(Verbs, VerboseSpeaksOnStderrAndChangesNoResult) {
  const Outcome quiet = run({"evaluate", "printed", "--node", "7nm", "--json"});
  EXPECT_TRUE(quiet.err.starts_with("tilewright: warning: the design of ")) << quiet.err;
  EXPECT_EQ(std::count(quiet.err.begin(), quiet.err.end(), '\n'), 1) << quiet.err;
  const Outcome verbose = run({"evaluate", "printed", "--node", "7nm", "--json", "-v"});
  const Outcome more = run({"evaluate", "printed", "--node", "7nm", "--json", "-vv"});
  EXPECT_EQ(verbose.out, quiet.out);
  EXPECT_EQ(more.out, quiet.out);
  for (const char* word : {"info: model llama-3.1-8b: ", "info: target: 7nm", "judge took"})
    EXPECT_NE(verbose.err.find(word), std::string::npos) << word << " in\n" << verbose.err;
  EXPECT_EQ(verbose.err.find("debug: "), std::string::npos) << verbose.err;
  EXPECT_NE(more.err.find("debug: budgets: "), std::string::npos) << more.err;
}

TEST_F(Verbs, AnInterpolatedNodeIsWarnedOf) {
  const std::string error =
      run({"compile", "--agent", "random", "--episodes", "3", "--node", "4nm", "-o", "x"}).err;
  EXPECT_TRUE(error.starts_with("tilewright: warning: node 4nm lies between")) << error;
  EXPECT_EQ(std::count(error.begin(), error.end(), '\n'), 1) << error;
}

TEST_F(Verbs, AFolderOfSomebodyElseIsNotTouched) {
  write_file(folder_ / "home/thesis.tex", "years of work");
  for (const std::string verb : {"compile", "tables", "sweep"}) {
    expect_one_error_line(run({verb, "-o", "home"}), verb);
  }
  EXPECT_EQ(read_file(folder_ / "home/thesis.tex"), "years of work");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "home"), fs::directory_iterator()), 1);
}

TEST_F(Verbs, HostileModelsGiveOneLine) {
  ASSERT_EQ(run({"model", "llama-tiny", "-o", "good.onnx"}).status, 0);
  const std::string good = read_file(folder_ / "good.onnx");
  RandomStream stream(11, "hostile");
  std::string noise;
  for (int i = 0; i < 4096; ++i) noise += static_cast<char>(stream.bits() & 255);
  write_file(folder_ / "empty.onnx", "");
  write_file(folder_ / "noise.onnx", noise);
  write_file(folder_ / "half.onnx", good.substr(0, good.size() / 2));
  write_file(folder_ / "huge-length.onnx", std::string("\x3a\xff\xff\xff\xff\x7f", 6) + noise);
  write_file(folder_ / "text.onnx", "this is not a model\n");
  write_file(folder_ / "broken.json", "{\"schema\": \"tilewright.workload\", ");
  write_file(folder_ / "other.json", "{\"schema\": \"something else\", \"schema_version\": 1}");
  for (const std::string file :
       {"empty.onnx", "noise.onnx", "half.onnx", "huge-length.onnx", "text.onnx", "."}) {
    expect_one_error_line(run({"inspect", file}), "inspect " + file);
    expect_one_error_line(run({"compile", file, "-o", "out"}), "compile " + file);
  }
  for (const std::string file : {"broken.json", "other.json"}) {
    expect_one_error_line(run({"compile", file, "-o", "out"}), "compile " + file);
    expect_one_error_line(run({"evaluate", file, "llama-tiny"}), "evaluate " + file);
    expect_one_error_line(run({"diff", file, file}), "diff " + file);
  }
  EXPECT_FALSE(fs::exists(folder_ / "out"));
}

TEST_F(Verbs, AFullDiskIsAnErrorAndNotSilence) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  const std::string command =
      std::string(TILEWRIGHT_BINARY_DIR "/tilewright model --list > /dev/full 2> ") +
      (folder_ / "err").string();
  EXPECT_EQ(WEXITSTATUS(std::system(command.c_str())), 2);
  EXPECT_TRUE(read_file(folder_ / "err").starts_with("tilewright: TW-CLI-004"));
}

TEST_F(Verbs, ModelsAreListedAndWrittenWithEqualBytes) {
  const Outcome list = run({"model", "--list", "--json"});
  EXPECT_EQ(list.status, 0);
  const Json models = parse_json(list.out, "stdout");
  EXPECT_GE(models.size(), 4U);
  ASSERT_EQ(run({"model", "llama-tiny", "--seed", "5", "-o", "a.onnx"}).status, 0);
  ASSERT_EQ(run({"model", "llama-tiny", "--seed", "5", "-o", "b.onnx"}).status, 0);
  ASSERT_EQ(run({"model", "llama-tiny", "--seed", "6", "-o", "c.onnx"}).status, 0);
  EXPECT_EQ(read_file(folder_ / "a.onnx"), read_file(folder_ / "b.onnx"));
  EXPECT_NE(read_file(folder_ / "a.onnx"), read_file(folder_ / "c.onnx"));
}

TEST_F(Verbs, InspectCountsWhatTheModelHolds) {
  const Outcome outcome = run({"inspect", "llama-3.1-8b", "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Json totals = parse_json(outcome.out, "stdout").at("totals");
  EXPECT_EQ(totals.at("parameters").get<std::int64_t>(), 8030261248);
  EXPECT_EQ(totals.at("weight_tensors").get<int>(), 291);
  EXPECT_EQ(totals.at("graph_inputs").get<int>(), 66);
  EXPECT_EQ(totals.at("graph_outputs").get<int>(), 65);
  EXPECT_EQ(totals.at("kv_bytes_per_token").get<double>(), 131072);
}

TEST_F(Verbs, ANodeFileReplacesColumns) {
  const auto power = [&](const std::vector<std::string>& more) {
    std::vector<std::string> line = {"evaluate", "printed", "--node", "7nm", "--json"};
    line.insert(line.end(), more.begin(), more.end());
    return Json::parse(run(line).out);
  };
  write_file(folder_ / "vendor.toml",
             "node_nm = 7\ne_rom_bank_fj_per_bit = [36, 12, 90]  # ours, twice the default\n");
  const Json before = power({}), after = power({"--node-file", "vendor.toml"});
  for (const auto& [key, value] : before["power"].items()) {
    if (key != "rom_mw") {
      EXPECT_EQ(value, after["power"][key]) << key;
    }
  }
  EXPECT_GT(after["power"]["rom_mw"].get<double>(), 1.3 * before["power"]["rom_mw"].get<double>());
  EXPECT_EQ(after["area"], before["area"]);
  EXPECT_EQ(after["tok_s"], before["tok_s"]);
  const std::pair<const char*, const char*> broken[] = {
      {"node_nm = 7\nbank_rom = 3\n", "vendor.toml:2"},
      {"node_nm = 7\n\na_rom_mm2_per_mib = -1\n", "vendor.toml:3"},
      {"node_nm = 7\ne_mac_pj = [1, 2, 3]\n", "vendor.toml:2"},
      {"node_nm = 6\ne_mac_pj = 1\n", "vendor.toml"},
      {"node_nm = 7\ne_mac_pj = \"much\"\n", "vendor.toml:2"}};
  for (const auto& [text, where] : broken) {
    write_file(folder_ / "vendor.toml", text);
    const Outcome refused =
        run({"evaluate", "printed", "--node", "7nm", "--node-file", "vendor.toml"});
    expect_one_error_line(refused, text);
    EXPECT_NE(refused.err.find(where), std::string::npos) << refused.err;
  }
}

TEST_F(Verbs, AFormatIsForModelsWithoutWeights) {
  const std::vector<std::string> line = {"compile", "llama-tiny", "--episodes", "5",
                                         "--agent", "random",     "-o",         "x"};
  std::vector<std::string> with = line;
  with.insert(with.end(), {"--weights", "int4"});
  const Outcome refused = run(with);
  expect_one_error_line(refused, "weights that are there");
  EXPECT_NE(refused.err.find("tilewright quantise"), std::string::npos) << refused.err;
  const auto area = [&](const std::string& format) {
    const Outcome outcome = run(
        {"evaluate", "initial", "llama-3.1-8b", "--node", "3nm", "--weights", format, "--json"});
    return Json::parse(outcome.out)["area"]["rom_mm2"].get<double>();
  };
  EXPECT_NEAR(area("int4") / area("fp16"), 4.5 / 16, 0.02);
  EXPECT_NEAR((area("int4,*=fp16") - area("fp16")) / area("fp16"), 0, 1e-6);
  const double mixed = area("int4,*lm_head*=fp16");
  EXPECT_GT(mixed, area("int4"));
  EXPECT_LT(mixed, area("int8"));
  expect_one_error_line(run({"evaluate", "initial", "llama-3.1-8b", "--weights", "int4,x=fp16"}),
                        "a rule for no weight");
}

TEST_F(Verbs, TheEffectOfAFormatWhereWeightsAreThere) {
  const auto accuracy = [&](const std::string& format) {
    const Outcome outcome =
        run({"evaluate", "initial", "llama-tiny", "--weights", format, "--json"});
    return Json::parse(outcome.out).at("accuracy");
  };
  const Json fp16 = accuracy("fp16"), int8 = accuracy("int8"), int4 = accuracy("int4"),
             mixed = accuracy("int4,*mlp*=fp16");
  const auto snr = [](const Json& json) { return json.at("output_snr_db").get<double>(); };
  EXPECT_TRUE(fp16.at("output_snr_db").is_null());  // that is what they are
  EXPECT_EQ(fp16.at("argmax_agreement"), 1);
  EXPECT_GT(snr(int8), snr(int4) + 3);
  EXPECT_GT(snr(mixed), snr(int4));
  EXPECT_EQ(int8.at("inputs"), "random");
  expect_one_error_line(run({"evaluate", "initial", "llama-tiny", "--weights", "int3"}), "int3");
}

TEST_F(Verbs, TwoCalibrationsSideBySide) {
  const Outcome both = run({"evaluate", "printed", "--node", "3nm", "--calibration", "both"});
  for (const char* word : {"paper", "physical", "power rom", "mJ a unit", "area rom"})
    EXPECT_NE(both.out.find(word), std::string::npos) << word;
  const Json json = Json::parse(
      run({"evaluate", "printed", "--node", "3nm", "--calibration", "both", "--json"}).out);
  EXPECT_FALSE(json["paper"].contains("physical"));
  EXPECT_EQ(json["physical"]["physical"]["dies"], 2);
  EXPECT_EQ(json["paper"]["clock_mhz"], json["physical"]["clock_mhz"]);
}

// The closed form against every row of the reference table, through the program.
TEST_F(Verbs, EvaluateOfACsvIsTheReference) {
  const fs::path reference = fs::path(TILEWRIGHT_SOURCE_DIR) / "tests/data/surrogate_reference.csv";
  ASSERT_EQ(run({"evaluate", "--calibration", "paper", "--level", "L0", "--csv", reference.string(),
                 "-o", "out.csv"})
                .status,
            0);
  const auto expected = parse_csv(read_file(reference), "reference");
  const auto got = parse_csv(read_file(folder_ / "out.csv"), "out.csv");
  ASSERT_EQ(expected.size(), 351U);
  ASSERT_EQ(got.size(), expected.size());
  EXPECT_EQ(got[0], expected[0]);
  double worst = 0;
  for (std::size_t r = 1; r < expected.size(); ++r) {
    EXPECT_EQ(got[r][2], expected[r][2]);
    for (std::size_t c = 3; c < expected[r].size(); ++c) {
      const double a = parse_number(expected[r][c], "reference"),
                   b = parse_number(got[r][c], "out.csv");
      worst = std::max(worst, std::fabs(a - b) / std::max(1.0, std::fabs(a)));
    }
  }
  EXPECT_LE(worst, 1e-9);
}

TEST_F(Verbs, ABadCsvNamesItsRow) {
  write_file(folder_ / "short.csv", "node_nm,mode\n3,hp\n");
  write_file(folder_ / "none.csv", "");
  for (const std::string file : {"short.csv", "none.csv"})
    expect_one_error_line(run({"evaluate", "--csv", file}), file);
  const std::string reference =
      read_file(fs::path(TILEWRIGHT_SOURCE_DIR) / "tests/data/surrogate_reference.csv");
  std::string broken = reference.substr(0, reference.find('\n', reference.find('\n') + 1) + 1);
  broken.replace(broken.rfind(','), 1, ",x");
  write_file(folder_ / "letters.csv", broken.substr(0, broken.find("41.0")) + "forty" +
                                          broken.substr(broken.find("41.0") + 4));
  const Outcome outcome = run({"evaluate", "--csv", "letters.csv"});
  expect_one_error_line(outcome, "letters.csv");
  EXPECT_NE(outcome.err.find("row 1"), std::string::npos) << outcome.err;
}

// LibTorch takes half a second and 165 MB to load: verbs that do not search must not pay for it.
TEST_F(Verbs, SmallQuestionsAreCheap) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "a sanitizer's own memory and time would be measured";
#endif
  ASSERT_LE(run({"compile", "--agent", "random", "--episodes", "2", "-o", "out"}).status, 1);
  ASSERT_EQ(run({"model", "llama-tiny", "-o", "net.onnx"}).status, 0);
  const std::vector<std::vector<std::string>> questions{
      {"--help"}, {"compile", "--help"}, {"inspect", "net.onnx"}, {"evaluate", "out/design.json"}};
  for (const auto& question : questions) {
    Outcome best = run(question);
    // Of five, and processor time: the machine is busy with other tests.
    for (int i = 0; i < 4; ++i) {
      const Outcome again = run(question);
      best.cpu_seconds = std::min(best.cpu_seconds, again.cpu_seconds);
      best.peak_mib = std::min(best.peak_mib, again.peak_mib);
    }
    EXPECT_LT(best.cpu_seconds, 0.1) << question.front();
    EXPECT_LT(best.peak_mib, 60) << question.front();
  }
}

}  // namespace
}  // namespace tilewright

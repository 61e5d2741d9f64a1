// The gym protocol as a client sees it (docs/gym.md).
#include <gtest/gtest.h>

#include <sstream>

#include "program.h"
#include "support/file.h"
#include "support/json.h"

namespace tilewright {
namespace {

const char* const kOpen = R"({"id":1,"cmd":"open","model":"llama-tiny","node":"5nm"})";

class Gym : public Program {
 protected:
  // One answer a request line, in order.
  std::vector<Json> ask(const std::vector<std::string>& requests) {
    std::string text;
    for (const std::string& request : requests) text += request + "\n";
    input_ = folder_ / "requests";
    write_file(input_, text);
    const Outcome outcome = run({"gym"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    std::vector<Json> answers;
    std::istringstream lines(outcome.out);
    for (std::string line; std::getline(lines, line);) {
      answers.push_back(parse_json(line, "answer"));
    }
    return answers;
  }

  static std::string with(const Json& fields) { return fields.dump(); }
};

TEST_F(Gym, OpensEvaluatesAndCounts) {
  const Json initial = ask({kOpen}).at(0).at("initial");
  ASSERT_EQ(initial.size(), 30u);
  const auto answers =
      ask({kOpen, with({{"id", "a"}, {"cmd", "evaluate"}, {"unit", {initial, initial}}}),
           with({{"cmd", "close"}}), with({{"cmd", "reset"}})});
  ASSERT_EQ(answers.size(), 3u);  // nothing is served after close
  const Json& opened = answers[0];
  EXPECT_EQ(opened.at("id"), 1);
  EXPECT_EQ(opened.at("state_dim"), 52);
  for (const char* key : {"names", "lo", "hi", "log", "integer"}) {
    EXPECT_EQ(opened.at("action").at(key).size(), 30u) << key;
  }
  EXPECT_EQ(answers[1].at("id"), "a");
  EXPECT_EQ(answers[1].at("evaluations"), 2);
  const Json& result = answers[1].at("results").at(0);
  EXPECT_EQ(result, answers[1].at("results").at(1));
  EXPECT_EQ(result.at("feasible"), true);
  EXPECT_EQ(result.at("margins").size(), 8u);
  EXPECT_EQ(result.at("design").size(), 30u);
  EXPECT_EQ(answers[2], (Json{{"ok", true}}));
}

TEST_F(Gym, StepsFromTheInitialDesignToTheHorizon) {
  Json open = parse_json(kOpen, "open");
  open["horizon"] = 2;
  const std::vector<double> still(30, 0.0);
  std::vector<double> faster(30, 0.0);
  faster[6] = 1;  // VLEN
  const auto step = [&](const std::vector<double>& action, int columns) {
    return with({{"cmd", "step"}, {"action", action}, {"mesh", {columns, 0, 0, 0}}});
  };
  const auto answers = ask({open.dump(), step(still, 0), with({{"cmd", "reset"}}), step(still, 0),
                            step(faster, 1), step(still, 0), with({{"cmd", "reset"}})});
  ASSERT_EQ(answers.size(), 7u);
  EXPECT_EQ(answers[1].at("error").at("id"), "TW-MDP-003");  // a step before the reset
  ASSERT_EQ(answers[2].at("state").size(), 52u);
  EXPECT_EQ(answers[3].at("result"), answers[2].at("result"));  // standing still
  EXPECT_EQ(answers[3].at("done"), false);
  const auto design = [&](int i) {
    return answers.at(static_cast<std::size_t>(i)).at("result").at("design");
  };
  EXPECT_EQ(design(4)[0].get<double>(), design(3)[0].get<double>() + 1);
  EXPECT_GT(design(4)[6].get<double>(), design(3)[6].get<double>());
  EXPECT_EQ(answers[4].at("done"), true);
  EXPECT_EQ(answers[5].at("error").at("id"), "TW-MDP-003");
  EXPECT_EQ(answers[6].at("state"), answers[2].at("state"));
  EXPECT_EQ(answers[6].at("evaluations"), 3);  // the initial design counted once
}

TEST_F(Gym, RefusesInOneAnswerAndGoesOn) {
  const std::vector<std::pair<std::string, std::string>> bad{
      {"not json", "TW-GYM-001"},
      {"[1,2]", "TW-GYM-001"},
      {R"({"cmd":"fly"})", "TW-GYM-001"},
      {R"({"id":7})", "TW-JSON-003"},
      {R"({"cmd":"evaluate"})", "TW-GYM-002"},
      {R"({"cmd":"evaluate","unit":3})", "TW-GYM-003"},
      {R"({"cmd":"evaluate","unit":[[0.5,0.5]]})", "TW-GYM-003"},
      {R"({"cmd":"evaluate","unit":[["a"]]})", "TW-GYM-003"},
      {R"({"cmd":"step","action":[0],"mesh":[0,0,0,0]})", "TW-GYM-003"},
      {R"({"cmd":"open","model":"no-such-model"})", "TW-CLI-006"},
      {R"({"cmd":"open","node":"banana"})", ""},
      {R"({"cmd":"open","horizon":0})", "TW-GYM-003"},
      {R"({"cmd":"open","horizon":"ten"})", "TW-JSON-003"},
      {std::string(5000, '['), "TW-GYM-001"},
  };
  std::vector<std::string> requests{R"({"cmd":"evaluate","unit":[]})", kOpen};
  for (const auto& [request, id] : bad) requests.push_back(request);
  requests.emplace_back(R"({"cmd":"evaluate","unit":[]})");
  const auto answers = ask(requests);
  ASSERT_EQ(answers.size(), requests.size());
  EXPECT_EQ(answers[0].at("error").at("id"), "TW-GYM-004");
  for (std::size_t i = 0; i < bad.size(); ++i) {
    const Json& answer = answers[i + 2];
    EXPECT_EQ(answer.at("ok"), false) << bad[i].first;
    if (!bad[i].second.empty()) {
      EXPECT_EQ(answer.at("error").at("id"), bad[i].second) << bad[i].first;
    }
  }
  EXPECT_EQ(answers.back().at("ok"), true);
  EXPECT_EQ(answers.back().at("evaluations"), 0);
}

TEST_F(Gym, TheExampleClientFindsAFeasibleDesign) {
  program_ = "/usr/bin/env";
  const std::string client = TILEWRIGHT_SOURCE_DIR "/docs/examples/gym_client.py";
  const Outcome outcome = run({"python3", client, TILEWRIGHT_BINARY_DIR "/tilewright", "60", "1"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(outcome.out.starts_with("feasible: True, score ")) << outcome.out;
}

}  // namespace
}  // namespace tilewright

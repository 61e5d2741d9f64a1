#include "support/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include <bit>
#include <cstdint>

#include "../error_id.h"
#include "support/error.h"
#include "support/random.h"

namespace tilewright {
namespace {

TEST(Json, KeysKeepTheirOrderAndTheTextEndsALine) {
  const Json json{{"z", 1}, {"a", 2}};
  EXPECT_EQ(to_text(json), "{\n  \"z\": 1,\n  \"a\": 2\n}\n");
}

TEST(Json, DoublesReadBackToTheSameBits) {
  RandomStream stream(1, "json");
  for (int i = 0; i < 10000; ++i) {
    const auto value = std::bit_cast<double>(stream.bits());
    if (!std::isfinite(value)) continue;
    const Json again = parse_json(to_text(Json{{"v", value}}), "test");
    EXPECT_EQ(std::bit_cast<std::uint64_t>(again.at("v").get<double>()),
              std::bit_cast<std::uint64_t>(value));
  }
}

TEST(Json, ASyntaxErrorNamesTheLine) {
  try {
    parse_json("{\n\"a\": 1,\n}", "file.json");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.id(), "TW-JSON-002");
    EXPECT_NE(error.message().find("line 3"), std::string::npos) << error.what();
  }
}

TEST(Json, RequiredRefusesWhatIsMissingOrOfAnotherType) {
  const Json json{{"a", "text"}};
  EXPECT_EQ(required<std::string>(json, "a", "x"), "text");
  EXPECT_EQ(id_of([&] { required<int>(json, "b", "x"); }), "TW-JSON-003");
  EXPECT_EQ(id_of([&] { required<int>(json, "a", "x"); }), "TW-JSON-003");
  EXPECT_EQ(id_of([&] { required<int>(Json(3), "a", "x"); }), "TW-JSON-003");
}

TEST(Json, TheSchemaMustBeOursAndReadable) {
  const auto check = [](const Json& json) {
    return id_of([&] { check_schema(json, "tilewright.design", 1, "x"); });
  };
  EXPECT_EQ(check({{"schema", "tilewright.design"}, {"schema_version", 1}}), "");
  EXPECT_EQ(check({{"schema", "tilewright.ppa"}, {"schema_version", 1}}), "TW-JSON-004");
  EXPECT_EQ(check({{"schema", "tilewright.design"}, {"schema_version", 2}}), "TW-JSON-004");
  EXPECT_EQ(check({{"schema_version", 1}}), "TW-JSON-003");
}

TEST(Json, DeepNestingDoesNotOverflowTheStack) {
  const std::string deep(200000, '[');
  EXPECT_EQ(id_of([&] { parse_json(deep, "x"); }), "TW-JSON-002");
}

}  // namespace
}  // namespace tilewright

// States as bytes: read back whole, refused otherwise.
#include "support/state_archive.h"

#include <gtest/gtest.h>

#include <functional>

#include "../error_id.h"
#include "support/error.h"

namespace tilewright {
namespace {

struct Thing {
  std::vector<double> numbers;
  std::string text;
  RandomStream random{1, "thing"};
  bool flag = false;
  void persist(StateArchive& archive) { archive(numbers, text, random, flag); }
};

TEST(StateArchive, ReadsBackWhatItWrote) {
  Thing thing{{0.1, -2e300, 3}, "name", RandomStream(7, "other"), true};
  thing.random.normal();
  StateArchive out;
  thing.persist(out);
  Thing again;
  StateArchive in(out.bytes(), "test");
  again.persist(in);
  in.finish();
  EXPECT_EQ(again.numbers, thing.numbers);
  EXPECT_EQ(again.text, thing.text);
  EXPECT_TRUE(again.flag);
  EXPECT_EQ(again.random.normal(), thing.random.normal());
  EXPECT_EQ(again.random.bits(), thing.random.bits());
}

TEST(StateArchive, EveryCutIsRefusedAndWhatIsLeftToo) {
  Thing thing{{1, 2}, "ab", RandomStream(7, "other"), true};
  StateArchive out;
  thing.persist(out);
  const std::string bytes = out.bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    StateArchive in(bytes.substr(0, size), "test");
    EXPECT_NE(id_of([&] { Thing().persist(in); }), "") << size;
  }
  StateArchive longer(bytes + "x", "test");
  Thing().persist(longer);
  EXPECT_EQ(id_of([&] { longer.finish(); }), "TW-STATE-002");
  // A size that nobody has memory for.
  StateArchive huge(std::string(8, '\x7f') + bytes, "test");
  EXPECT_EQ(id_of([&] { Thing().persist(huge); }), "TW-STATE-002");
}

TEST(StateArchive, ASealSaysKindAndDamage) {
  const std::string text = sealed("thing 1", "some bytes");
  EXPECT_EQ(unsealed("thing 1", text, "file"), "some bytes");
  EXPECT_EQ(unsealed("thing 1", sealed("thing 1", ""), "file"), "");
  EXPECT_EQ(id_of([&] { unsealed("thing 2", text, "file"); }), "TW-STATE-001");
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string broken = text;
    broken[i] = static_cast<char>(broken[i] ^ 1);
    EXPECT_EQ(id_of([&] { unsealed("thing 1", broken, "file"); }), "TW-STATE-001") << i;
    EXPECT_EQ(id_of([&] { unsealed("thing 1", text.substr(0, i), "file"); }), "TW-STATE-001") << i;
  }
}

}  // namespace
}  // namespace tilewright

#include "support/table.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/error.h"
#include "support/random.h"

namespace tilewright {
namespace {

TEST(Table, CsvRoundTripsWhateverACellHolds) {
  const std::vector<std::string> nasty{"plain", "a,b", "say \"hi\"", "two\nlines", "\"",
                                       ",",     "",    " spaces ",   "a\"b,c\nd"};
  Table table{"t", "caption", {{"first", ""}, {"second", "mW"}}, {}};
  for (const std::string& a : nasty) {
    for (const std::string& b : nasty) table.add({a, b});
  }
  const auto rows = parse_csv(to_csv(table), "test");
  ASSERT_EQ(rows.size(), 1 + nasty.size() * nasty.size());
  EXPECT_EQ(rows[0], (std::vector<std::string>{"first", "second [mW]"}));
  for (std::size_t i = 1; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i], (std::vector<std::string>{nasty[(i - 1) / nasty.size()],
                                                 nasty[(i - 1) % nasty.size()]}));
  }
}

TEST(Table, NumbersWithoutDigitsReadBackExactly) {
  RandomStream stream(3, "numbers");
  for (int i = 0; i < 10000; ++i) {
    const double value = stream.normal() * std::pow(10.0, stream.uniform(-200, 200));
    EXPECT_EQ(parse_number(format_number({value}), "test"), value);
  }
}

TEST(Table, DigitsAreSignificantOnesAndWholeDigitsAreKept) {
  EXPECT_EQ(format_number({0.974, 3}), "0.974");
  EXPECT_EQ(format_number({10.0, 3}), "10.0");
  EXPECT_EQ(format_number({51366, 3}), "51366");
  EXPECT_EQ(format_number({0, 3}), "0");
  EXPECT_EQ(format_number({-2.345, 2}), "-2.3");
}

TEST(Table, ReadersGetAFewDigitsAndMachinesAll) {
  EXPECT_EQ(readable_number({1.0 / 3}), "0.333333");
  EXPECT_EQ(readable_number({0.1 + 0.2}), "0.3");
  EXPECT_EQ(readable_number({48420.0000001}), "48420");
  EXPECT_EQ(readable_number({0.25}), "0.25");
  EXPECT_EQ(readable_number({29809.123456}), "29809.1");
  EXPECT_EQ(readable_number({8030261248}), "8030261248");
  EXPECT_EQ(readable_number({1.0 / 3, 2}), "0.33");

  Table table{"t", "c", {{"a", "mm2"}}, {}};
  table.add({Number{1.0 / 3}});
  table.add({Number{-2.0 / 3}});
  table.add({Number{1.0 / 3e9}});
  EXPECT_EQ(to_csv(table),
            "a [mm2]\n0.3333333333333333\n-0.6666666666666666\n3.333333333333333e-10\n");
  EXPECT_EQ(to_text(table), "a [mm2]\n   0.333333\n  -0.666667\n3.33333e-10\n");
  const std::string latex = to_latex(table);
  EXPECT_NE(latex.find("a [mm$^2$] \\\\\n\\midrule\n0.333333 \\\\\n$-0.666667$ \\\\\n"
                       "$3.33333\\times 10^{-10}$ \\\\\n"),
            std::string::npos)
      << latex;
}

TEST(Table, AMissingCellSaysWhyAndIsNeverBlank) {
  Table table{"t", "c", {{"a", ""}}, {}};
  table.add({Missing{"no data, none"}});
  EXPECT_EQ(to_csv(table), "a\n\"missing: no data, none\"\n");
  const std::string latex = to_latex(table);
  EXPECT_NE(latex.find("---$^{1}$"), std::string::npos);
  EXPECT_NE(latex.find("no data, none"), std::string::npos);
}

TEST(Table, LatexEscapesWhatLatexWouldRead) {
  Table table{"t", "100 % of a_b", {{"x & y", ""}}, {}};
  table.add({std::string("$#{}~^\\")});
  const std::string latex = to_latex(table);
  EXPECT_NE(latex.find("100 \\% of a\\_b"), std::string::npos);
  EXPECT_NE(latex.find("x \\& y"), std::string::npos);
  EXPECT_NE(latex.find("\\$\\#\\{\\}\\textasciitilde{}\\textasciicircum{}\\textbackslash{}"),
            std::string::npos);
}

TEST(Table, ARowOfTheWrongLengthIsRefused) {
  Table table{"t", "c", {{"a", ""}, {"b", ""}}, {}};
  EXPECT_THROW(table.add({std::string("one")}), Error);
}

TEST(Table, AnOpenQuoteAndABadNumberAreRefused) {
  EXPECT_THROW(parse_csv("a,\"b\n", "x"), Error);
  for (const char* text : {"", "1.2.3", "1,000", "abc", "1 "})
    EXPECT_THROW(parse_number(text, "x"), Error) << text;
}

TEST(Table, WindowsLineEndsAreRead) {
  EXPECT_EQ(parse_csv("a,b\r\n1,2\r\n", "x").at(1), (std::vector<std::string>{"1", "2"}));
}

}  // namespace
}  // namespace tilewright

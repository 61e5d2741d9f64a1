#include "explore/page.h"
#include "support/json.h"

#include <gtest/gtest.h>

namespace tilewright {
namespace {

std::size_t count_of(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
    ++count;
  return count;
}

std::string data_in(const std::string& page) {
  const std::string open = "<script type=\"application/json\" id=\"data\">";
  const std::size_t begin = page.find(open) + open.size();
  return page.substr(begin, page.find("</script>", begin) - begin);
}

TEST(Page, HostileTextStaysText) {
  const Json harmless{{"name", "net"}};
  const Json hostile{
      {"name", "</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)>"},
      {"line", "\xe2\x80\xa8 \" \\ & ' \x01"}};
  const std::string page = explore_page(hostile);
  EXPECT_EQ(count_of(page, "<script"), count_of(explore_page(harmless), "<script"));
  EXPECT_EQ(count_of(page, "</script"), count_of(explore_page(harmless), "</script"));
  EXPECT_EQ(count_of(page, "<!--"), count_of(explore_page(harmless), "<!--"));
  EXPECT_EQ(parse_json(data_in(page), "page"), hostile);
}

TEST(Page, BytesThatAreNoTextAreReplaced) {
  const std::string data = data_in(explore_page(Json{{"name", "a\xff\xfe b"}}));
  EXPECT_NE(parse_json(data, "page").at("name").get<std::string>().find("\xef\xbf\xbd"),
            std::string::npos);
}

TEST(Page, AsksForNothingAndCarriesItsLicences) {
  const std::string page = explore_page(Json::object());
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  for (const char* word : {"src=\"http", "href=\"http", "@import", "url(http"})
    EXPECT_EQ(page.find(word), std::string::npos) << word;
  for (const char* word : {"Apache License", "BSD 3-Clause License", "Mike Bostock"})
    EXPECT_NE(page.find(word), std::string::npos) << word;
  EXPECT_LT(page.size(), 1'000'000U);
}

}  // namespace
}  // namespace tilewright

// Goal: a page becomes the parts it shows, whatever its server sends; differences are found where they are; what
// ordinary visits differ in is learnt; defacement is seen everywhere.
// Method: small pages; hostile ones; a made-up news page that changes as such pages do.
#include "watch/page.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>

#include "watch/page_memory.h"

namespace luy::watch {
namespace {

const Time start = *from_rfc3339("2026-11-23T01:00:00Z");

std::string shown(const Page& page) {
  std::string out;
  for (const Part& part : page.parts) {
    out += std::string(name_of(part.kind)) + " " + part.path + " = " + part.value + "\n";
  }
  return out;
}

TEST(Page, IsReadByItsStructure) {
  const Page page = read_page(
      "<!doctype html><html><head><title> UBND  thị xã\nBỉm Sơn </title><script src='/a.js'></script>"
      "<script>var x = 1;</script><style>b{}</style><meta http-equiv=Refresh content='5;url=/b'></head>"
      "<body><div id=tin-12 class='x y'><p class='noi dung'>Tin <b>mới</b></p><a href='/1'>một</a></div>"
      "<img src=a.png alt=Ảnh><iframe src='//x.vn/'></iframe><form action='/gui'></form></body></html>",
      "text/html; charset=utf-8");
  const std::string hash = page.parts.size() > 2 ? page.parts[2].value : "";
  EXPECT_EQ(hash.substr(0, 14), "inline sha256:");
  EXPECT_EQ(shown(page),
            "title html/head/title = UBND thị xã Bỉm Sơn\nscript html/head/script = /a.js\n"
            "script html/head/script = " +
                hash +
                "\njump html/head/meta = 5;url=/b\n"
                "text html/body/div#tin-0/p.noi = Tin\ntext html/body/div#tin-0/p.noi/b = mới\n"
                "link html/body/div#tin-0/a = /1\ntext html/body/div#tin-0/a = một\n"
                "image html/body/img = a.png\ntext html/body/img = Ảnh\n"
                "frame html/body/iframe = //x.vn/\nform html/body/form = /gui\n");
  EXPECT_FALSE(page.cut);
}

TEST(Page, OtherContentIsReadByLines) {
  EXPECT_EQ(shown(read_page("10.0.0.1\r\n\n 10.0.0.2 ", "text/plain")), "text line = 10.0.0.1\ntext line = 10.0.0.2\n");
  EXPECT_EQ(read_page("", "text/html").parts.size(), 0U);
}

TEST(Page, TheBytesDecideBeforeWhatIsSaidOfThem) {
  const std::string utf8 = "<html><head><meta charset=iso-8859-1></head><body>Đường</body></html>";
  EXPECT_NE(shown(read_page(utf8, "text/html; charset=windows-1252")).find("Đường"), std::string::npos);
  EXPECT_NE(shown(read_page("<html><body>caf\xe9</body></html>", "text/html; charset=iso-8859-1")).find("café"),
            std::string::npos);
  // One that libxml2 leaves to iconv, which wants to be closed again: AddressSanitizer would tell.
  EXPECT_NE(shown(read_page("<html><body>\xd0\xfd</body></html>", "text/html; charset=windows-1258")).find("Đư"),
            std::string::npos);
  // No charset there is: still text, and well-formed.
  EXPECT_EQ(read_page("<html><body>a\xff\xfe b</body></html>", "text/html; charset=klingon").parts.size(), 1U);
}

TEST(Page, HostileOnesEndSoonAndWithinTheLimits) {
  const struct {
    const char* name;
    std::string bytes;
  } table[] = {
      {"64 MB of text", std::string(64 << 20, 'a')},
      {"deep nesting",
       [] {
         std::string s;
         while (s.size() < page_bytes_max) s += "<div>";
         return s;
       }()},
      {"nesting and ends that fit nothing",
       [] {
         std::string s;
         for (int i = 0; i < 200'000; ++i) s += "<b>";
         while (s.size() < page_bytes_max) s += "</x>";
         return s;
       }()},
      {"many parts",
       [] {
         std::string s;
         while (s.size() < page_bytes_max) s += "<i>a</i>";
         return s;
       }()},
      {"many attributes",
       [] {
         std::string s = "<a";
         for (int i = 0; s.size() < page_bytes_max; ++i) s += " a" + std::to_string(i) + "=1";
         return s;
       }()},
      {"tags of many attributes",
       [] {
         std::string s;
         while (s.size() < page_bytes_max) {
           s += "<a";
           for (int i = 0; i < 15'000; ++i) s += " " + std::to_string(i);
           s += ">";
         }
         return s;
       }()},
      {"entities",
       [] {
         std::string s;
         while (s.size() < page_bytes_max) s += "&amp;&#1;&bogus;";
         return s;
       }()},
      {"unfinished comment", "<!--" + std::string(page_bytes_max, '-')},
      {"zero bytes", std::string(page_bytes_max, '\0')},
      {"one huge tag name", "<" + std::string(page_bytes_max, 'x')},
  };
  for (const auto& row : table) {
    const auto begun = std::chrono::steady_clock::now();
    const Page page = read_page(row.bytes, "text/html");
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
    EXPECT_LE(page.parts.size(), page_parts_max) << row.name;
    for (const Part& part : page.parts) {
      EXPECT_LE(part.value.size(), part_bytes_max + 30) << row.name;
      EXPECT_LE(part.path.size(), path_bytes_max + 130) << row.name;
    }
    // Quadratic behaviour would take minutes; sanitizers and a busy machine take seconds.
    EXPECT_LT(taken.count(), 20) << row.name;
  }
}

TEST(Page, PicturesThatStandInThePageDoNotEndIt) {
  const std::string picture =
      "<html><body><img src='data:image/png;base64," + std::string(300'000, 'A') + "'>sau</body></html>";
  const Page page = read_page(picture, "text/html");
  ASSERT_EQ(page.parts.size(), 2U);
  EXPECT_FALSE(page.cut);
  EXPECT_EQ(page.parts[0].value.substr(0, 29), "data:image/png;base64,sha256-");
  EXPECT_EQ(page.parts[1].value, "sau");
}

TEST(Words, AreFoundWholeAndWithoutDiacritics) {
  const Words words = *Words::parse("strong: [hacked by, đã bị hack]\nweak: [nhà cái, casino]\n");
  const auto find = [&](const char* text) {
    Words::Found found;
    words.find(spoken(text), found);
    return found;
  };
  EXPECT_TRUE(find("~ HACKED   by-X ~").alarming());
  EXPECT_TRUE(find("Trang này ĐÃ BỊ HACK!").alarming());
  EXPECT_FALSE(find("hackedbyte").alarming());
  EXPECT_FALSE(find("Nhà Cái").alarming()) << "one weak word is none";
  EXPECT_TRUE(find("nhà cái, casino").alarming());
  EXPECT_FALSE(Words::parse("strong: [a]"));
  EXPECT_FALSE(Words::parse("strong: &x [hacked by]\nweak: *x"));
  EXPECT_FALSE(Words::parse("- 1"));
  Words::Found found;
  Words::builtin().find(spoken("Website này đã bị hack. Greetz to all"), found);
  EXPECT_EQ(found.strong.size(), 2U);
}

class PageMemoryTest : public ::testing::Test {
 protected:
  struct Shown {
    std::string title = "UBND thị xã Bỉm Sơn";
    std::string counter = "1";
    std::vector<std::string> news = {"Tin thứ nhất về cải cách hành chính", "Tin thứ hai về tiếp công dân"};
    std::string body = "Giới thiệu chung về thị xã, vị trí địa lý, dân số, đơn vị hành chính và các phòng ban.";
    std::string extra;
  };
  static Page page(const Shown& s) {
    std::string html = "<html><head><title>" + s.title +
                       "</title><script src='https://cdn.vn/a.js'></script></head><body>" + "<div id=gioi-thieu><p>" +
                       s.body + s.body + s.body + s.body + "</p></div><ul class=tin>";
    for (const std::string& item : s.news)
      html += "<li><a href='/" + std::to_string(item.size()) + "'>" + item + "</a></li>";
    return read_page(html + "</ul><span id=dem>Lượt truy cập: " + s.counter + "</span>" + s.extra + "</body></html>",
                     "text/html");
  }
  void learn() {
    for (int i = 0; i < learning_visits + 1; ++i) {
      Shown s;
      s.counter = std::to_string(i);
      if (i % 3 == 0) s.extra = "<div id=quang-cao><div class=o><img src=/qc" + std::to_string(i) + ".gif></div></div>";
      EXPECT_FALSE(memory.visit(page(s), words, at).any()) << i;
      at += learning_time / learning_visits;
    }
    ASSERT_FALSE(memory.learning());
  }
  Difference visit(const Shown& s) { return memory.visit(page(s), words, at += std::chrono::minutes(1)); }

  Words words = Words::builtin();
  PageMemory memory;
  Time at = start;
};

TEST_F(PageMemoryTest, LearnsWhatOrdinaryVisitsDifferIn) {
  learn();
  Shown s;
  s.counter = "987654";
  s.extra = "<div id=quang-cao><div class=o><img src=/khac.gif></div></div>";
  EXPECT_FALSE(visit(s).any());
  s.extra.clear();
  EXPECT_FALSE(visit(s).any());
}

TEST_F(PageMemoryTest, TellsWhereAndWhatChanged) {
  learn();
  Shown s;
  s.news[1] = "Tin giả";
  const Difference difference = visit(s);
  ASSERT_EQ(difference.changes.size(), 2U) << "its text and where it leads";
  const Change& text = difference.changes[0];
  EXPECT_EQ(text.where, "html/body/ul.tin/li/a");
  EXPECT_EQ(text.kind, ChangeKind::changed);
  EXPECT_EQ(text.before, "Tin thứ hai về tiếp công dân");
  EXPECT_EQ(text.after, "Tin giả");
  EXPECT_FALSE(difference.grave);
}

TEST_F(PageMemoryTest, GraveSignsAreTitleStrangeHostsAndEmptiness) {
  const struct {
    const char* name;
    std::function<void(Shown&)> change;
    bool grave;
  } table[] = {
      {"title", [](Shown& s) { s.title = "Trang khác"; }, true},
      {"script from elsewhere, where anything may change",
       [](Shown& s) { s.extra = "<div id=quang-cao><script src='https://evil.example/x.js'></script></div>"; }, true},
      {"frame from elsewhere", [](Shown& s) { s.extra = "<iframe src='//evil.example/'></iframe>"; }, true},
      {"form sent elsewhere", [](Shown& s) { s.extra = "<form action='http://evil.example/p'></form>"; }, true},
      {"jump elsewhere", [](Shown& s) { s.extra = "<meta http-equiv=refresh content='0;url=https://evil.example/'>"; },
       true},
      {"emptied",
       [](Shown& s) {
         s.body = ".";
         s.news.clear();
       },
       true},
      {"one line more", [](Shown& s) { s.extra = "<p>Thông báo</p>"; }, false},
  };
  for (const auto& row : table) {
    memory = PageMemory();
    at = start;
    learn();
    Shown s;
    row.change(s);
    const Difference difference = visit(s);
    EXPECT_TRUE(difference.any()) << row.name;
    EXPECT_EQ(difference.grave, row.grave) << row.name;
  }
}

TEST_F(PageMemoryTest, DefacementIsSeenWhileLearningAndWhereAnythingMayChange) {
  Shown s;
  EXPECT_FALSE(visit(s).any());
  s.counter = "H4cK3d By somebody";
  EXPECT_TRUE(visit(s).words.alarming());
  learn();
  EXPECT_TRUE(visit(s).words.alarming());
  EXPECT_FALSE(visit({}).any()) << "it went away";
}

TEST_F(PageMemoryTest, WordsThatWereAcceptedAreKnown) {
  Shown s;
  s.body = "Cảnh báo: trang của xã X hacked by ai đó.";
  EXPECT_TRUE(visit(s).words.alarming()) << "shown from the first visit on, and still told";
  memory.accept(page(s), words, at);
  EXPECT_FALSE(visit(s).any());
}

TEST_F(PageMemoryTest, PlacesThatPeopleChangeAreMaskedAfterTwoAcceptances) {
  learn();
  Shown s;
  for (int i = 0; i < accepted_to_mask; ++i) {
    s.news.insert(s.news.begin(), "Tin mới số " + std::to_string(i) + " trong ngày");
    EXPECT_TRUE(visit(s).any()) << i;
    memory.accept(page(s), words, at);
    EXPECT_FALSE(visit(s).any()) << i;
  }
  s.news.insert(s.news.begin(), "Tin mới nữa");
  EXPECT_FALSE(visit(s).any());
  s.title = "Khác";
  EXPECT_TRUE(visit(s).any());
}

TEST_F(PageMemoryTest, IsTheSameAfterARestart) {
  learn();
  const PageMemory again = PageMemory::restored(memory.saved());
  EXPECT_EQ(again.saved(), memory.saved());
  memory = again;
  EXPECT_FALSE(visit({}).any());
  for (const char* bad : {"", "{}", "[]", "{\"page\":[[99,\"\",\"\"]]}", "{"}) {
    EXPECT_FALSE(PageMemory::restored(bad).known()) << bad;
  }
}

}  // namespace
}  // namespace luy::watch

// Goal: forms are changed as versions that papers keep; what binds is refused; the pack's text comes back; nothing is
// lost over a restart or a new pack.
// Method: the book of cases over a real database, and packs that differ in a copied folder.
#include "incident/form_book.h"

#include <fstream>

#include "base/file.h"
#include "incident/book_fixture.h"

namespace luy::incident {
namespace {

constexpr const char* minutes = "bien-ban-tu-xu-ly";
constexpr const char* report = "bao-cao-ban-dau";

std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

struct FormBookTest : BookTest {
  directory::Caller caller = directory::server_operator();
  directory::Object top{{agency}, {}, false};

  std::string changed(const char* form = report) {
    const std::string& pack = forms->pack_yaml(form);
    return with(pack, "title: {vi: \"", "title: {vi: \"(Mới) ");
  }
};

TEST_F(FormBookTest, APaperKeepsTheVersionItWasBegunWith) {
  const Case one = *book->open(officer, wanted());
  const CasePaper before = *book->draft(officer, one.id, report, {});
  ASSERT_TRUE(forms->change(caller, top, "Trần Thị Dung", report, 1, changed(), "Theo công văn 12"));
  EXPECT_EQ(forms->current_version(report), 2U);
  EXPECT_EQ(before.form_version, 1U);
  EXPECT_EQ(book->find_paper(before.id)->form_version, 1U);
  const CasePaper after = *book->draft(officer, one.id, report, {});
  EXPECT_EQ(book->find_paper(after.id)->form_version, 2U);
  EXPECT_TRUE(forms->find(report, 2)->title.vi.starts_with("(Mới)"));
  EXPECT_FALSE(forms->find(report, 1)->title.vi.starts_with("(Mới)"));

  const auto versions = forms->versions(report);
  ASSERT_EQ(versions.size(), 2U);
  EXPECT_FALSE(versions[0].is_own);
  EXPECT_TRUE(versions[1].is_own);
  EXPECT_EQ(versions[1].by, "Trần Thị Dung");
  EXPECT_EQ(versions[1].reason, "Theo công văn 12");

  // After a restart, too.
  const auto again = *FormBook::open({*database, audit, clock, test_process(), pack_folder()});
  EXPECT_EQ(again->current_version(report), 2U);
  EXPECT_TRUE(again->current(report)->title.vi.starts_with("(Mới)"));
}

TEST_F(FormBookTest, WhatCannotBeIsRefusedAndLeavesTheFormAsItWas) {
  const std::string good = forms->pack_yaml(minutes);
  const struct {
    const char* what;
    std::string yaml;
    unsigned from;
    const char* reason;
    const ErrorKind& kind;
  } table[] = {
      {"no YAML", "fields: [", 1, "x", paper::form_bad},
      {"another id", with(good, "id: bien-ban-tu-xu-ly", "id: khac"), 1, "x", paper::form_binding},
      {"another kind", with(good, "kind: BB", "kind: TB"), 1, "x", paper::form_binding},
      {"an outcome that a move asks for", with(good, "{id: beyond,", "{id: other,"), 1, "x", paper::form_bad},
      {"no reason", changed(minutes), 1, " ", text_missing},
      {"an old version", changed(minutes), 7, "x", paper::form_moved_on},
      {"the same text", good, 1, "x", paper::form_same},
  };
  for (const auto& one : table) {
    const auto done = forms->change(caller, top, "Dung", minutes, one.from, one.yaml, one.reason);
    ASSERT_FALSE(done) << one.what;
    EXPECT_TRUE(done.error().is(one.kind)) << one.what << ": " << done.error().text();
  }
  EXPECT_EQ(forms->versions(minutes).size(), 1U);
  EXPECT_TRUE(forms->change(caller, top, "Dung", "khong-co", 1, good, "x").error().is(paper::form_unknown));
  directory::Caller stranger;
  stranger.require = [](directory::Action, const directory::Object&) -> Result<void> {
    return Error(directory::not_allowed, "sửa biểu mẫu");
  };
  EXPECT_TRUE(forms->change(stranger, top, "Lạ", minutes, 1, changed(minutes), "x").error().is(directory::not_allowed));
}

TEST_F(FormBookTest, OnlyWhoAnswersForTheWholeTownChangesForms) {
  const auto caller_in = [](directory::Role role, const AgencyId& held, const AgencyId& above) {
    directory::Actor actor;
    actor.grants = {{role, held, above}};
    directory::Caller out;
    out.require = [actor](directory::Action action, const directory::Object& object) {
      return directory::require(actor, action, object);
    };
    return out;
  };
  using directory::Role;
  const auto below = caller_in(Role::system_admin, other, agency),
             there = caller_in(Role::system_admin, agency, agency);
  EXPECT_TRUE(forms->change(below, top, "An", report, 1, changed(), "Thử").error().is(directory::not_allowed));
  EXPECT_TRUE(forms->reset(below, top, "An", report, "Thử").error().is(directory::not_allowed));
  EXPECT_TRUE(forms->change(there, top, "An", report, 1, changed(), "Thử"));
  EXPECT_TRUE(forms->reset(caller_in(Role::town_office, other, agency), top, "Dung", report, "Bỏ bản thử"))
      << "the office is the town's, wherever its role is held";
  EXPECT_TRUE(forms->change(there, {}, "An", report, 3, changed(), "Thử").error().is(directory::not_allowed))
      << "nowhere is nobody's";
}

TEST_F(FormBookTest, ResetBringsThePacksTextBackAsANewVersion) {
  EXPECT_TRUE(forms->reset(caller, top, "Dung", report, "x").error().is(paper::form_same));
  ASSERT_TRUE(forms->change(caller, top, "Dung", report, 1, changed(), "Thử"));
  ASSERT_TRUE(forms->reset(caller, top, "Dung", report, "Bỏ bản thử"));
  EXPECT_EQ(forms->current_version(report), 3U);
  EXPECT_EQ(forms->versions(report).back().yaml, forms->pack_yaml(report));
  EXPECT_FALSE(forms->versions(report).back().is_own);
}

TEST_F(FormBookTest, ANewPackTakesTheFormOverUnlessItWasChanged) {
  ASSERT_TRUE(forms->change(caller, top, "Dung", report, 1, changed(), "Riêng của thị xã"));
  const std::filesystem::path pack = folder.path / "pack";
  std::filesystem::create_directories(pack);
  std::filesystem::copy(pack_folder() / "forms", pack / "forms", std::filesystem::copy_options::recursive);
  for (const char* form : {report, minutes}) {
    const std::string text = with(forms->pack_yaml(form), "version: ", "# Bản mới.\nversion: ");
    std::ofstream(pack / "forms" / (std::string(form) + ".yaml")) << text;
  }
  const auto again = FormBook::open({*database, audit, clock, test_process(), pack});
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ((*again)->current_version(minutes), 2U) << "the pack's new text";
  EXPECT_FALSE((*again)->versions(minutes).back().is_own);
  EXPECT_EQ((*again)->current_version(report), 2U) << "the town's own text stays";
  EXPECT_TRUE((*again)->versions(report).back().is_own);

  // The next pack makes a field mandatory that the town's text does not have.
  std::ofstream(pack / "forms" / (std::string(report) + ".yaml"))
      << with(with(forms->pack_yaml(report), "fields:\n",
                   "fields:\n  - {id: moi, type: text, required: true, label: {vi: \"Mới\", en: \"New\"}}\n"),
              "body:\n", "body:\n  - {field: moi}\n");
  const auto third = FormBook::open({*database, audit, clock, test_process(), pack});
  ASSERT_TRUE(third) << third.error().text();
  EXPECT_EQ((*third)->current_version(report), 3U);
  EXPECT_FALSE((*third)->versions(report).back().is_own);
  EXPECT_FALSE((*third)->versions(report).back().reason.empty());
  EXPECT_NE((*third)->find(report, 2), nullptr) << "papers begun with it still have it";
}

}  // namespace
}  // namespace luy::incident

// Goal: who edits a form is told exactly what is wrong and where; what process and law need cannot be edited away;
// every form can be looked at with its own sample. Method: the shipped forms, changed by a table of replacements.
#include "paper/own_form.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "base/source_dir.h"
#include "paper/fill.h"

namespace luy::paper {
namespace {

namespace json = boost::json;

const std::filesystem::path pack_folder = std::filesystem::path(source_dir()) / "regulation/4448-2017";

std::string text_of(const std::string& id) {
  return *read_file(pack_folder / "forms" / (id + ".yaml"), 1 << 20);
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(OwnForm, EveryShippedFormReadsChecksAndFillsWithItsSample) {
  const auto ids = form_ids(pack_folder);
  ASSERT_TRUE(ids);
  for (const std::string& id : *ids) {
    const auto form = parse_own_form(id, text_of(id));
    ASSERT_TRUE(form) << id << form.error().text();
    EXPECT_TRUE(check_own_form(*form, *form, {})) << id;
    PaperData data;
    data.letterhead = {"", "CƠ QUAN MẪU", "Cơ quan mẫu", "Bỉm Sơn", "CQ", "", ""};
    data.date = *day_from_iso("2026-02-05");
    data.fields = sample_fields(*form);
    const auto document = fill_form(*form, data);
    EXPECT_TRUE(document) << id << ": " << document.error().text();
  }
}

TEST(OwnForm, FaultsNameLineColumnAndWhatIsWrong) {
  const std::string good = text_of("cong-van-canh-bao");
  const struct {
    const char* what;
    std::string text;
    const char* line;
    const char* says;
  } table[] = {
      {"unknown key", "id: cong-van-canh-bao\ncolour: red\n", "line 2, column", "colour"},
      {"unknown field", with(good, "{paragraph: \"Theo thông tin từ {source}", "{paragraph: \"Theo {sourse}"), "line 2",
       "sourse"},
      {"broken", "id: [\n", "line ", ""},
      {"alias", "id: &a x\n", "line 1", ""},
      {"deep", "id: " + std::string(60, '[') + std::string(60, ']'), "line 1", ""},
      {"long line", "id: " + std::string(4000, 'x'), "line 1", ""},
      {"too large", std::string(own_form_bytes_max + 1, '\n'), "line 1", "KiB"},
      {"empty", "", "line 1", ""},
      {"no UTF-8", "id: \xff\n", "line 1", ""},
  };
  for (const auto& one : table) {
    const auto form = parse_own_form("cong-van-canh-bao", one.text);
    ASSERT_FALSE(form) << one.what;
    EXPECT_TRUE(form.error().is(form_bad)) << one.what << form.error().text();
    EXPECT_NE(form.error().en().find(one.line), std::string::npos) << form.error().en();
    EXPECT_NE(form.error().vi().find(one.says), std::string::npos) << form.error().vi();
  }
}

TEST(OwnForm, WhatProcessAndLawNeedIsRefusedByName) {
  const std::string good = text_of("bien-ban-ket-thuc");
  const Form pack = *parse_own_form("bien-ban-ket-thuc", good);
  const NeededField needs[] = {{"secretary", FieldType::person}, {"chair", FieldType::person}};
  EXPECT_TRUE(check_own_form(pack, pack, needs));
  const auto refused = [&](const Form& own) {
    const auto checked = check_own_form(pack, own, needs);
    EXPECT_FALSE(checked);
    return checked ? std::string() : checked.error().en();
  };
  Form own = pack;
  own.kind = "TB";
  EXPECT_NE(refused(own).find("kind: BB"), std::string::npos);
  for (const FormField& field : pack.fields) {
    own = pack;
    const auto at =
        std::find_if(own.fields.begin(), own.fields.end(), [&](const FormField& one) { return one.id == field.id; });
    own.fields.erase(at);
    const bool is_needed = field.is_mandatory || field.id == "secretary" || field.id == "chair";
    if (is_needed) {
      EXPECT_NE(refused(own).find(field.id), std::string::npos) << field.id;
    } else {
      EXPECT_TRUE(check_own_form(pack, own, needs)) << field.id;
    }
  }
  for (std::size_t i = 0; i < pack.fields.size(); ++i) {
    if (!pack.fields[i].is_mandatory) continue;
    own = pack;
    own.fields[i].is_mandatory = false;
    EXPECT_NE(refused(own).find(pack.fields[i].id), std::string::npos) << "no longer mandatory";
  }
  own = pack;
  own.body.clear();
  own.annexes.clear();
  EXPECT_FALSE(refused(own).empty()) << "mandatory fields that no page shows";
  EXPECT_TRUE(
      parse_own_form("bien-ban-ket-thuc", with(good, "id: bien-ban-ket-thuc", "id: khac")).error().is(form_binding));
}

TEST(OwnForm, AMandatoryFieldIsNotHiddenUnderACondition) {
  const std::string good = text_of("bien-ban-ket-thuc");
  const Form pack = *parse_own_form("bien-ban-ket-thuc", good);
  const auto needed = std::find_if(pack.fields.begin(), pack.fields.end(), [&](const FormField& field) {
    return field.is_mandatory && field.type == FieldType::long_text && !field.when;
  });
  ASSERT_NE(needed, pack.fields.end());
  FormBlock shown;
  shown.kind = FormBlock::Kind::long_text;
  shown.field = needed->id;
  const Form bare = [&] {
    Form out = pack;
    out.body = {};
    out.annexes = {};
    std::erase_if(out.fields, [&](const FormField& field) { return field.id != needed->id; });
    out.subject = {};
    return out;
  }();
  const Condition filled{needed->id, {}, false}, other{"remarks", {}, false};
  const auto under = [&](const Condition& when, bool in_group) {
    FormBlock out = shown;
    if (in_group) {
      out = FormBlock();
      out.kind = FormBlock::Kind::group;
      out.body = {shown};
    }
    out.when = when;
    return out;
  };
  const auto annex = [&](const std::optional<Condition>& when) {
    FormAnnex out;
    out.when = when;
    out.body = {shown};
    return out;
  };
  const struct {
    const char* what;
    std::vector<FormBlock> before, body;
    std::vector<FormAnnex> annexes;
    bool is_kept;
  } table[] = {
      {"as it was", {shown}, {shown}, {}, true},
      {"moved into an annex", {shown}, {}, {annex({})}, true},
      {"under its own being filled in", {shown}, {under(filled, true)}, {}, true},
      {"under another field", {shown}, {under(other, false)}, {}, false},
      {"in a group under another field", {shown}, {under(other, true)}, {}, false},
      {"in an annex under another field", {shown}, {}, {annex(other)}, false},
      {"under the condition that the pack has", {under(other, true)}, {under(other, false)}, {}, true},
      {"freed of the condition", {under(other, true)}, {shown}, {}, true},
      {"one of two branches",
       {under(other, false), under({"remarks", {}, true}, false)},
       {under(other, false)},
       {},
       false},
  };
  for (const auto& row : table) {
    Form before = bare, own = bare;
    before.body = row.before;
    own.body = row.body;
    own.annexes = row.annexes;
    const auto checked = check_own_form(before, own, {});
    EXPECT_EQ(checked.has_value(), row.is_kept) << row.what;
    if (!checked) {
      EXPECT_TRUE(checked.error().is(form_binding)) << row.what;
    }
  }
}

TEST(OwnForm, WordsAndFurtherFieldsMayBeChanged) {
  const std::string good = text_of("bao-cao-tong-hop");
  const Form pack = *parse_own_form("bao-cao-tong-hop", good);
  std::string text = with(good, "4. Đề xuất, kiến nghị", "4. Kiến nghị với cấp trên");
  text = with(text, "fields:\n", "fields:\n  - {id: ghi_chu, type: text, label: {vi: \"Ghi chú\", en: \"Note\"}}\n");
  const auto own = parse_own_form("bao-cao-tong-hop", text);
  ASSERT_TRUE(own) << own.error().text();
  EXPECT_TRUE(check_own_form(pack, *own, {}));
  const auto lost =
      parse_own_form("bao-cao-tong-hop", with(good, "      - {id: denial, text: \"Từ chối dịch vụ\"}\n", ""));
  ASSERT_TRUE(lost);
  EXPECT_TRUE(check_own_form(pack, *lost, {}).error().is(form_binding)) << "a row of form 05";
}

}  // namespace
}  // namespace luy::paper

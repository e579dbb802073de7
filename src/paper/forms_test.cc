// Goal: every form of the pack we ship makes a page that an official would sign, and only its data decide what it says.
// Method: sample data of each form rendered and compared with kept pictures of its pages; what the forms of circular
// 20/2017 demand is counted; a second pack that differs in data alone.
//
// The kept pictures are renewed by running this test with LUY_KEEP_PAGES=1; look at them before committing.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "base/file.h"
#include "base/source_dir.h"
#include "paper/fill.h"
#include "paper/fixture.h"
#include "paper/pdf.h"

namespace luy::paper {
namespace {

namespace fs = std::filesystem;

const fs::path pack = fs::path(source_dir()) / "regulation/4448-2017";
const fs::path samples = fs::path(source_dir()) / "src/paper/testdata/forms";
const fs::path kept = fs::path(source_dir()) / "src/paper/testdata/pages";
constexpr int kept_dpi = 36;
constexpr std::uintmax_t kept_bytes_max = 60 << 10;

std::vector<std::string> ids() {
  const Result<std::vector<std::string>> found = form_ids(pack);
  EXPECT_TRUE(found) << found.error().text();
  return *found;
}

Form form_of(const std::string& id) {
  Result<Form> form = load_form(pack, id);
  EXPECT_TRUE(form) << form.error().text();
  return *std::move(form);
}

PaperData sample_of(const std::string& id) {
  Result<PaperData> data = parse_paper_data(read_bytes(samples / (id + ".json")));
  EXPECT_TRUE(data) << id << ": " << data.error().text();
  return *std::move(data);
}

Document document_of(const std::string& id) {
  Result<Document> document = fill_form(form_of(id), sample_of(id));
  EXPECT_TRUE(document) << id << ": " << document.error().text();
  return *std::move(document);
}

// Mean darkness of tiles of 9 × 9 pixels: a page whose lines moved differs, one whose pixels were smoothed otherwise
// does not.
std::vector<double> tiles_of(const Grey& image) {
  constexpr int tile = 9;
  std::vector<double> out;
  for (int y = 0; y + tile <= image.height; y += tile) {
    for (int x = 0; x + tile <= image.width; x += tile) {
      int sum = 0;
      for (int i = 0; i < tile * tile; ++i) {
        sum += image.pixels[static_cast<std::size_t>((y + i / tile) * image.width + x + i % tile)];
      }
      out.push_back(static_cast<double>(sum) / (tile * tile));
    }
  }
  return out;
}

void compare(const Grey& now, const Grey& before, const std::string& name) {
  ASSERT_EQ(now.width, before.width) << name;
  ASSERT_EQ(now.height, before.height) << name;
  const std::vector<double> a = tiles_of(now);
  const std::vector<double> b = tiles_of(before);
  std::size_t differing = 0;
  constexpr double tile_tolerance = 12;  // Of 255.
  for (std::size_t i = 0; i < a.size(); ++i) differing += std::abs(a[i] - b[i]) > tile_tolerance ? 1U : 0U;
  EXPECT_LE(differing, a.size() / 200) << name << ": look at the page; if it is right, renew the kept picture";
}

TEST(Forms, LookAsTheyWereAccepted) {
  if (!has_tool("pdftoppm")) GTEST_SKIP() << "poppler-utils is not installed";
  const Result<PdfRenderer> renderer = PdfRenderer::open();
  ASSERT_TRUE(renderer) << renderer.error().text();
  const bool renew = std::getenv("LUY_KEEP_PAGES") != nullptr;
  if (renew) fs::create_directories(kept);
  const TempFolder folder;
  for (const std::string& id : ids()) {
    const Result<Pdf> pdf = renderer->render(document_of(id));
    ASSERT_TRUE(pdf) << id << ": " << pdf.error().text();
    const fs::path file = renew ? kept / (id + ".pdf") : folder / (id + ".pdf");
    write_bytes(file, pdf->bytes);
    for (unsigned page = 1; page <= pdf->pages; ++page) {
      const std::string name = id + "-" + std::to_string(page);
      if (renew) {
        const std::string number = std::to_string(page);
        output_of({"pdftoppm", "-gray", "-png", "-singlefile", "-r", std::to_string(kept_dpi), "-f", number, "-l",
                   number, file.string(), (kept / name).string()});
      }
      const fs::path picture = kept / (name + ".png");
      ASSERT_TRUE(fs::exists(picture)) << picture;
      EXPECT_LE(fs::file_size(picture), kept_bytes_max);
      compare(page_image(file, page, kept_dpi), read_png(picture), name);
    }
    EXPECT_FALSE(fs::exists(kept / (id + "-" + std::to_string(pdf->pages + 1) + ".png"))) << id << " lost a page";
    if (renew) fs::remove(file);
  }
}

TEST(Forms, HaveWhatTheirSourcesDemand) {
  const struct {
    const char* id;
    const char* kind;
    std::vector<std::string> mandatory;
  } table[] = {
      {"bao-cao-ban-dau",
       "BC",
       {"reporter_name", "reporter_address", "reporter_phone", "reporter_email", "contact_name", "contact_phone",
        "contact_email", "operator", "description", "discovered", "state", "detection", "notified", "reported"}},
      {"bao-cao-ket-thuc",
       "BC",
       {"reporter_name", "reporter_address", "reporter_phone", "reporter_email", "operator", "discovered"}},
      {"bien-ban-tu-xu-ly", "BB", {"started", "venue", "chair", "secretary", "attendees", "outcome", "ended"}},
      {"bien-ban-ket-thuc", "BB", {"started", "venue", "chair", "secretary", "attendees", "ended"}},
      {"bien-ban-ban-giao-chung-cu", "BB", {"giver", "receiver", "items"}},
      {"bien-ban-ban-giao-thiet-bi-mat",
       "BB",
       {"label", "moved", "giver", "receiver", "witness", "seal", "approved_by"}},
      {"thong-bao-duong-truyen", "", {"line", "provider", "bandwidth", "exits", "router", "plan"}},
      {"phuong-an-khac-phuc", "PA", {"measures"}},
      {"bao-cao-dien-bien", "BC", {"situation"}},
      {"bao-cao-tong-hop", "BC", {"counts"}},
      {"de-nghi-ho-tro", "BC", {"requests"}},
      {"cong-van-canh-bao", "", {"risk", "affected", "actions", "deadline"}},
      {"bien-ban-ra-soat-quyen",
       "BB",
       {"review", "scope", "opened", "due", "lines", "kept", "changed", "removed", "unanswered", "decisions", "started",
        "venue", "chair", "secretary"}},
      {"cong-van-yeu-cau", "", {"request", "matter", "legal_basis", "text", "deadline", "contact"}},
  };
  EXPECT_EQ(ids().size(), std::size(table));
  for (const auto& [id, kind, mandatory] : table) {
    const Form form = form_of(id);
    EXPECT_EQ(form.kind, kind) << id;
    EXPECT_FALSE(form.sources.empty()) << id;
    for (const std::string& field : mandatory) {
      ASSERT_NE(form.field(field), nullptr) << id << ": " << field;
      EXPECT_TRUE(form.field(field)->is_mandatory) << id << ": " << field;
    }
  }
  EXPECT_EQ(form_of("bao-cao-ban-dau").mail_prefix, "[TBSC]");
  EXPECT_EQ(form_of("bao-cao-ban-dau").field("level")->options.size(), 5U);
  const Form half_year = form_of("bao-cao-tong-hop");
  const FormField& counts = *half_year.field("counts");
  EXPECT_EQ(counts.rows.size(), 10U) << "the ten kinds of incident";
  EXPECT_EQ(counts.columns.size(), 6U);
}

TEST(Forms, PrintEveryMandatoryMark) {
  if (!has_tool("pdftotext")) GTEST_SKIP() << "poppler-utils is not installed";
  const TempFolder folder;
  const Result<PdfRenderer> renderer = PdfRenderer::open();
  for (const auto& [id, marks] : {std::pair{"bao-cao-ban-dau", 14}, std::pair{"bao-cao-ket-thuc", 6}}) {
    const Result<Pdf> pdf = renderer->render(document_of(id));
    ASSERT_TRUE(pdf);
    write_bytes(folder / "a.pdf", pdf->bytes);
    const std::vector<Word> words = words_of_pdf(folder / "a.pdf");
    const auto count = std::count_if(words.begin(), words.end(),
                                     [](const Word& word) { return word.text.find("(*)") != std::string::npos; });
    // The note under form 03 explains the mark.
    EXPECT_EQ(count, marks + (form_of(id).notes.empty() ? 0 : 1)) << id;
  }
}

TEST(Forms, SumTheHalfYear) {
  const Document document = document_of("bao-cao-tong-hop");
  const auto table = std::find_if(document.body.begin(), document.body.end(),
                                  [](const Block& block) { return std::holds_alternative<Table>(block); });
  ASSERT_NE(table, document.body.end());
  const Row& total = std::get<Table>(*table).rows.back();
  const std::vector<std::string> want = {"", "Tổng số", "13", "11", "2", "0", "1", "17.500.000"};
  ASSERT_EQ(total.cells.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) EXPECT_EQ(total.cells[i][0].text, want[i]) << i;
}

TEST(Forms, AskForWhatIsMissing) {
  for (const std::string& id : ids()) {
    const Form form = form_of(id);
    PaperData data = sample_of(id);
    for (const FormField& field : form.fields) {
      if (!field.is_mandatory || field.when) continue;
      PaperData without = data;
      without.fields.erase(field.id);
      const Result<Document> document = fill_form(form, without);
      ASSERT_FALSE(document) << id << ": " << field.id;
      EXPECT_TRUE(document.error().is(missing_fields));
      EXPECT_NE(document.error().vi().find(field.label.vi), std::string::npos) << document.error().vi();
      EXPECT_NE(document.error().en().find(field.label.en), std::string::npos) << document.error().en();
    }
  }
}

std::string words_of(const Document& document) {
  std::string out = document.subject + "\n";
  for (const Block& block : document.body) {
    if (const auto* paragraph = std::get_if<Paragraph>(&block)) {
      for (const Span& span : paragraph->spans) out += span.text;
    }
    if (const auto* list = std::get_if<List>(&block)) {
      for (const Spans& item : list->items) out += item[0].text + "\n";
    }
    out += "\n";
  }
  return out;
}

TEST(Forms, ReadWellWhateverWasEntered) {
  PaperData data = sample_of("bien-ban-ban-giao-chung-cu");
  data.fields["incident"] = "SC-2026-001 – bấm vào thì ra trang cá độ.";
  data.fields["giver"] = {{"name", "Lê Thị Hạnh"}, {"unit", "UBND phường Ba Đình"}};
  const std::string handed = words_of(*fill_form(form_of("bien-ban-ban-giao-chung-cu"), data));
  EXPECT_TRUE(handed.find("của sự cố SC-2026-001 – bấm vào thì ra trang cá độ\n") != std::string::npos) << handed;
  EXPECT_NE(handed.find("trang cá độ như sau:"), std::string::npos) << handed;
  EXPECT_NE(handed.find("Bên giao: Lê Thị Hạnh, UBND phường Ba Đình.\n"), std::string::npos) << handed;
  EXPECT_NE(handed.find("lúc 09 giờ 00 phút, ngày 06 tháng 02 năm 2026, tại"), std::string::npos) << handed;

  data = sample_of("cong-van-canh-bao");
  data.fields["contact"] = {{"name", "ông Lê Văn Cường"}};
  data.fields["actions"] = boost::json::array{"Cập nhật bản vá;", "Báo cáo thủ trưởng cơ quan;"};
  const std::string letter = words_of(*fill_form(form_of("cong-van-canh-bao"), data));
  EXPECT_NE(letter.find("liên hệ ngay: ông Lê Văn Cường.\n"), std::string::npos) << letter;
  EXPECT_NE(letter.find("Cập nhật bản vá;\nBáo cáo thủ trưởng cơ quan.\n"), std::string::npos) << letter;
}

TEST(Forms, KeepWhatAnnouncesWithWhatFollows) {
  const Result<PdfRenderer> renderer = PdfRenderer::open();
  ASSERT_TRUE(renderer);
  const Form form = form_of("bien-ban-ket-thuc");
  PaperData data = sample_of("bien-ban-ket-thuc");
  std::size_t moved = 0;
  for (int lines = 1; lines < 40; ++lines) {
    std::string cause = "Một dòng.";
    for (int i = 1; i < lines; ++i) cause += "\nMột dòng.";
    data.fields["cause"] = cause;
    const Document document = *fill_form(form, data);
    const auto announced = std::find_if(document.body.begin(), document.body.end(), [](const Block& block) {
      const auto* paragraph = std::get_if<Paragraph>(&block);
      return paragraph != nullptr && paragraph->spans[0].text == "4. Thiệt hại, ảnh hưởng:";
    });
    ASSERT_NE(announced, document.body.end());
    const auto at = static_cast<std::size_t>(announced - document.body.begin());
    const Pdf pdf = *renderer->render(document);
    const auto page_of = [&](std::size_t block) {
      return std::find_if(
                 pdf.placements.begin(), pdf.placements.end(),
                 [&](const Placement& one) { return one.component == Component::body_block && one.index == block; })
          ->page;
    };
    EXPECT_EQ(page_of(at), page_of(at + 1)) << lines;
    moved += page_of(at) > page_of(at - 1) ? 1U : 0U;
  }
  EXPECT_GT(moved, 0U) << "no length put the page's end before the words";
}

TEST(Forms, DifferBetweenPacksInDataAlone) {
  // The same paper under another pack: another kind, another title, one field more.
  const fs::path other = fs::path(source_dir()) / "src/paper/testdata/pack-b";
  const Result<Form> form = load_form(other, "bien-ban-tu-xu-ly");
  ASSERT_TRUE(form) << form.error().text();
  PaperData data = sample_of("bien-ban-tu-xu-ly");
  EXPECT_TRUE(fill_form(*form, data).error().is(unknown_field));
  data.fields = {{"incident", "SC-1"}, {"severity", "serious"}};
  const Result<Document> document = fill_form(*form, data);
  ASSERT_TRUE(document) << document.error().text();
  EXPECT_EQ(document->notation, "05/TB-VP");
  EXPECT_EQ(document->type_name, "THÔNG BÁO");
  EXPECT_TRUE(PdfRenderer::open()->render(*document));
}

TEST(Forms, AreNamedByTheirIdAlone) {
  for (const char* id : {"../pack", "", "a/b", "bien-ban-tu-xu-ly.yaml", "khong-co"}) {
    EXPECT_TRUE(load_form(pack, id).error().is(file_not_found)) << id;
  }
  EXPECT_FALSE(form_ids(samples / "absent"));
}

}  // namespace
}  // namespace luy::paper

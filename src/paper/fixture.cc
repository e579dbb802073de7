#include "paper/fixture.h"

#include <cairo.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/encoding.h"
#include "paper/style.h"

namespace luy::paper {
namespace {

constexpr const char* small_png_base64 =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGNg+A8AAQIBAEK+vGgAAAAASUVORK5CYII=";

// `word` behind `key="`, up to the next quote, as a number.
double number_after(std::string_view line, std::string_view key) {
  const std::size_t at = line.find(key);
  return at == std::string_view::npos ? 0 : std::strtod(line.data() + at + key.size(), nullptr);
}

std::string unescaped(std::string text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> entities = {
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}}};
  for (const auto& [entity, c] : entities) {
    for (std::size_t at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1)) {
      text.replace(at, entity.size(), 1, c);
    }
  }
  return text;
}

}  // namespace

std::string small_png() {
  return *from_base64(small_png_base64);
}

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "luy-paper-XXXXXX").string();
  LUY_CHECK(::mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string read_bytes(const std::filesystem::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

bool has_tool(const std::string& tool) {
  return ::access(("/usr/bin/" + tool).c_str(), X_OK) == 0;
}

std::string output_of(const std::vector<std::string>& command) {
  std::array<int, 2> ends{};
  LUY_CHECK(::pipe2(ends.data(), O_CLOEXEC) == 0);
  std::vector<char*> arguments;
  for (const std::string& one : command) arguments.push_back(const_cast<char*>(one.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  pid_t pid = 0;
  const int failure = ::posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  EXPECT_EQ(failure, 0) << command[0];
  std::string out;
  std::array<char, 8192> buffer{};
  for (ssize_t size = 0; (size = ::read(ends[0], buffer.data(), buffer.size())) > 0;) {
    out.append(buffer.data(), static_cast<std::size_t>(size));
  }
  ::close(ends[0]);
  if (failure != 0) return out;
  int status = 0;
  ::waitpid(pid, &status, 0);
  EXPECT_EQ(status, 0) << command[0];
  return out;
}

std::vector<Word> words_of_pdf(const std::filesystem::path& pdf) {
  std::istringstream in(output_of({"pdftotext", "-bbox", pdf.string(), "-"}));
  std::vector<Word> out;
  unsigned page = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.find("<page ") != std::string::npos) ++page;
    const std::size_t begin = line.find("<word ");
    if (begin == std::string::npos) continue;
    const std::size_t text = line.find('>', begin) + 1;
    Word word;
    word.page = page;
    word.x_min = number_after(line, "xMin=\"") / style::pt_per_mm;
    word.y_min = number_after(line, "yMin=\"") / style::pt_per_mm;
    word.x_max = number_after(line, "xMax=\"") / style::pt_per_mm;
    word.y_max = number_after(line, "yMax=\"") / style::pt_per_mm;
    word.text = unescaped(line.substr(text, line.find("</word>") - text));
    out.push_back(std::move(word));
  }
  return out;
}

std::optional<Word> find_phrase(const std::vector<Word>& words, const std::string& phrase) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    Word sum = words[i];
    for (std::size_t j = i + 1; j < words.size() && sum.text.size() < phrase.size(); ++j) {
      sum.text += " " + words[j].text;
      sum.x_min = std::min(sum.x_min, words[j].x_min);
      sum.x_max = std::max(sum.x_max, words[j].x_max);
      sum.y_min = std::min(sum.y_min, words[j].y_min);
      sum.y_max = std::max(sum.y_max, words[j].y_max);
    }
    if (sum.text == phrase) return sum;
  }
  return std::nullopt;
}

Grey page_image(const std::filesystem::path& pdf, unsigned page, int dpi) {
  const std::string number = std::to_string(page);
  const std::string bytes =
      output_of({"pdftoppm", "-gray", "-r", std::to_string(dpi), "-f", number, "-l", number, pdf.string()});
  Grey out;
  int max = 0;
  std::istringstream in(bytes);
  std::string magic;
  in >> magic >> out.width >> out.height >> max;
  in.get();
  EXPECT_EQ(magic, "P5");
  const std::size_t at = in ? static_cast<std::size_t>(in.tellg()) : bytes.size();
  out.pixels.assign(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end());
  EXPECT_EQ(out.pixels.size(), static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height));
  return out;
}

Grey read_png(const std::filesystem::path& png) {
  cairo_surface_t* surface = cairo_image_surface_create_from_png(png.c_str());
  EXPECT_EQ(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS) << png;
  Grey out;
  out.width = cairo_image_surface_get_width(surface);
  out.height = cairo_image_surface_get_height(surface);
  const unsigned char* data = cairo_image_surface_get_data(surface);
  const int stride = cairo_image_surface_get_stride(surface);
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) out.pixels.push_back(data[y * stride + 4 * x]);
  }
  cairo_surface_destroy(surface);
  return out;
}

Document minutes_document() {
  Document out;
  out.superior = "UBND PHƯỜNG BỈM SƠN";
  out.issuer = "VĂN PHÒNG HĐND VÀ UBND";
  out.notation = "05/BB-VP";
  out.place = "Bỉm Sơn";
  out.date = *day_from_iso("2026-02-05");
  out.created = day_begin(out.date) + std::chrono::hours(9);
  out.type_name = "BIÊN BẢN";
  out.subject = "Về việc xử lý sự cố an toàn thông tin mạng tại Văn phòng HĐND và UBND";
  out.body = {
      Paragraph{{{"Thời gian bắt đầu: 08 giờ 30, ngày 05/02/2026."}}},
      Paragraph{{{"Địa điểm: Phòng họp số 2, trụ sở UBND phường Bỉm Sơn."}}},
      Heading{"I. THÀNH PHẦN THAM DỰ"},
      List{{{{"Ông Nguyễn Văn An, Chánh Văn phòng, chủ trì;"}}, {{"Bà Trần Thị Bích, chuyên viên, thư ký."}}}},
      Heading{"II. NỘI DUNG"},
      Paragraph{{{"Lúc 07 giờ 45, máy chủ tệp của Văn phòng có dấu hiệu bị mã hóa dữ liệu. Cán bộ phụ trách an toàn "
                  "thông tin đã ngắt máy chủ khỏi mạng, giữ nguyên hiện trạng và sao chụp nhật ký hệ thống."}}},
      Table{{{"STT", 1, Align::center}, {"Việc đã làm", 6}, {"Người thực hiện", 3}},
            {Row{{{{"1"}}, {{"Ngắt kết nối mạng của máy chủ tệp"}}, {{"Lê Văn Cường"}}}},
             Row{{{{"2"}}, {{"Khôi phục dữ liệu từ bản sao lưu ngày 04/02/2026"}}, {{"Lê Văn Cường"}}}}}},
      Paragraph{{{"Biên bản kết thúc vào 10 giờ 15, ngày 05/02/2026, đã đọc lại cho mọi người cùng nghe và thống nhất "
                  "ký tên."}}},
  };
  out.signatures = {{{"THƯ KÝ"}, "", "Trần Thị Bích"}, {{"CHỦ TỌA"}, "", "Nguyễn Văn An"}};
  out.copies = {"Phòng Văn hóa - Xã hội", "Lưu: VT, Hồ sơ"};
  out.evidence = {{"luy:evidence/5c1d0a44a0b0cf7a2f4e8a1c6ad9e1e6a1b8c2d3e4f5061728394a5b6c7d8e9f",
                   "Mã gốc nhật ký số: 5c1d0a44a0b0cf7a2f4e8a1c6ad9e1e6a1b8c2d3e4f5061728394a5b6c7d8e9f"}};
  return out;
}

Document letter_document() {
  Document out;
  out.issuer = "ỦY BAN NHÂN DÂN\nPHƯỜNG BỈM SƠN";
  out.notation = "12/UBND-VP";
  out.place = "Bỉm Sơn";
  out.date = *day_from_iso("2026-11-22");
  out.created = day_begin(out.date) + std::chrono::hours(9);
  out.subject = "cảnh báo nguy cơ mất an toàn thông tin";
  out.recipients = {"Các phòng, ban, đơn vị thuộc UBND phường", "Các trường học, trạm y tế trên địa bàn phường"};
  for (int i = 1; i <= 12; ++i) {
    out.body.push_back(Paragraph{
        {{std::to_string(i) + ". Thực hiện Quy chế bảo đảm an toàn thông tin, Ủy ban nhân dân "
                              "phường đề nghị các cơ quan, đơn vị rà soát, cập nhật bản vá, quét mã độc, sao lưu "
                              "dữ liệu và báo cáo kết quả trước ngày 30/11/2026 để tổng hợp."}}});
  }
  out.signatures = {{{"TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"}, "", "Phạm Thị Dung"}};
  out.copies = {"Như trên", "Chủ tịch, các PCT UBND phường", "Lưu: VT, VP"};
  out.contact = "Trụ sở: 01 Trần Phú, phường Bỉm Sơn; điện thoại: 0237 3824 000; thư điện tử: bimson@thanhhoa.gov.vn";
  return out;
}

}  // namespace luy::paper

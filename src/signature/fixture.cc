#include "signature/fixture.h"

#include <cairo.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/source_dir.h"

namespace luy::signature {
namespace {

namespace fs = std::filesystem;

// The run's folder, removed at its end.
struct Folder {
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "luy-signature-XXXXXX").string();
    LUY_CHECK(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
    fs::create_directory(path / "pki");
    int code = 0;
    const std::string said =
        output_of("bash " + source_dir() + "/src/signature/testdata/make_pki " + (path / "pki").string(), &code);
    LUY_CHECK_MSG(code == 0, "make_pki: " + said +
                                 (fs::exists(path / "pki/make_pki.log") ? read_bytes(path / "pki/make_pki.log") : ""));
    ::setenv("SOFTHSM2_CONF", (path / "pki/softhsm2.conf").c_str(), 1);
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  fs::path path;
};

const fs::path& folder() {
  static const Folder made;
  return made.path;
}

cairo_status_t append(void* closure, const unsigned char* bytes, unsigned size) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

template <class Draw>
std::string drawn(int width, int height, Draw draw) {
  cairo_surface_t* surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
  cairo_t* cairo = cairo_create(surface);
  draw(cairo);
  std::string out;
  cairo_surface_write_to_png_stream(surface, append, &out);
  cairo_destroy(cairo);
  cairo_surface_destroy(surface);
  return out;
}

}  // namespace

paper::Document minutes_document() {
  paper::Document out;
  out.superior = "ỦY BAN NHÂN DÂN TỈNH THANH HÓA";
  out.issuer = "ỦY BAN NHÂN DÂN PHƯỜNG THỬ";
  out.notation = "05/BB-UBND";
  out.place = "Phường Thử";
  out.date = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22);
  out.type_name = "BIÊN BẢN";
  out.subject = "Kết thúc xử lý sự cố";
  out.body = {paper::Paragraph{{{"Sự cố đã được xử lý xong; hệ thống hoạt động bình thường."}}}};
  out.signatures = {{{"THƯ KÝ"}, "", "Trần Thị Ánh"}, {{"CHỦ TỌA"}, "", "Nguyễn Văn Ước"}};
  out.copies = {"Lưu: VT, HS"};
  out.annexes = {{"DANH MỤC CHỨNG CỨ", {paper::Paragraph{{{"Một ổ đĩa."}}}}}};
  out.created = signing_time();
  return out;
}

const fs::path& pki() {
  static const fs::path path = folder() / "pki";
  return path;
}

const fs::path& softhsm() {
  static const fs::path path = [] {
    const fs::path driver = "/usr/lib/softhsm/libsofthsm2.so";
    return fs::exists(driver) && fs::exists(pki() / "tokens") ? driver : fs::path();
  }();
  return path;
}

const paper::PdfRenderer& renderer() {
  static const Result<paper::PdfRenderer> opened = paper::PdfRenderer::open();
  return opened.value();
}

const paper::Pdf& minutes() {
  static const paper::Pdf pdf = renderer().render(minutes_document()).value();
  return pdf;
}

std::unique_ptr<Signer> signer(const std::string& name) {
  return std::move(open_key_file(pki() / (name + ".pem"), "").value());
}

Time signing_time() {
  return *from_rfc3339("2026-11-22T01:05:09Z");
}

std::string signed_by(const std::string& name, const std::string& pdf) {
  SignRequest request;
  request.time = signing_time();
  return sign_pdf(pdf, request, *signer(name)).value();
}

std::string blue_signature() {
  return drawn(300, 120, [](cairo_t* cairo) {
    cairo_set_source_rgb(cairo, 0.1, 0.2, 0.8);
    cairo_set_line_width(cairo, 5);
    cairo_move_to(cairo, 10, 80);
    for (int x = 10; x <= 290; ++x) cairo_line_to(cairo, x, 60 + 45 * std::sin(x / 14.0) * (1 - x / 400.0));
    cairo_stroke(cairo);
  });
}

std::string red_seal() {
  return drawn(200, 200, [](cairo_t* cairo) {
    cairo_set_source_rgb(cairo, 0.85, 0.05, 0.1);
    cairo_set_line_width(cairo, 8);
    cairo_arc(cairo, 100, 100, 92, 0, 6.2832);
    cairo_stroke(cairo);
    cairo_set_line_width(cairo, 3);
    cairo_arc(cairo, 100, 100, 66, 0, 6.2832);
    cairo_stroke(cairo);
    cairo_move_to(cairo, 100, 55);
    for (int i = 1; i < 5; ++i)
      cairo_line_to(cairo, 100 + 45 * std::sin(i * 2.51327), 100 - 45 * std::cos(i * 2.51327));
    cairo_fill(cairo);
  });
}

Result<std::string> openssl_ts(std::string_view request) {
  const fs::path query = scratch("query.tsq");
  const fs::path answer = scratch("answer.tsr");
  write_bytes(query, request);
  int code = 0;
  output_of("cd " + pki().string() + " && openssl ts -reply -config ca.cnf -queryfile " + query.string() + " -out " +
                answer.string(),
            &code);
  if (code != 0) return Error(timestamp_failed, "openssl ts");
  return read_bytes(answer);
}

std::string read_bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_bytes(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

fs::path scratch(const std::string& name) {
  static int count = 0;
  return folder() / (std::to_string(++count) + "-" + name);
}

bool has_tool(const std::string& tool) {
  int code = 0;
  output_of("command -v " + tool, &code);
  return code == 0;
}

std::string output_of(const std::string& command, int* code) {
  FILE* pipe = ::popen(("{ " + command + "\n} 2>&1").c_str(), "re");
  LUY_CHECK(pipe != nullptr);
  std::string out;
  std::array<char, 4096> buffer{};
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), size);
  const int status = ::pclose(pipe);
  if (code != nullptr) *code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return out;
}

}  // namespace luy::signature

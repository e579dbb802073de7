// Setting papers: CPU time, medians of 5.
//   render_<form>   each form of the pack with its sample data
//   render_table    a table of about 100 pages
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "base/file.h"
#include "paper/fill.h"
#include "paper/pdf.h"

namespace {

using namespace luy;

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

void measure(const paper::PdfRenderer& renderer, const paper::Document& document, const std::string& name) {
  constexpr int runs = 5;
  std::vector<double> seconds;
  unsigned pages = 0;
  for (int i = 0; i < runs; ++i) {
    const double begin = cpu_seconds();
    pages = renderer.render(document).value().pages;
    seconds.push_back(cpu_seconds() - begin);
  }
  std::sort(seconds.begin(), seconds.end());
  std::printf("render_%s %.6g ms\npages_%s %u pages\n", name.c_str(), seconds[runs / 2] * 1e3, name.c_str(), pages);
}

}  // namespace

// Arguments: the pack's folder and the folder of sample data.
int main(int count, char** arguments) {
  if (count != 3) return 2;
  const Result<paper::PdfRenderer> opened = paper::PdfRenderer::open();
  if (!opened) {
    std::fprintf(stderr, "%s\n", opened.error().text().c_str());
    return 1;
  }
  const paper::PdfRenderer& renderer = *opened;
  paper::Document document;
  const std::vector<std::string> ids = paper::form_ids(arguments[1]).value();
  for (const std::string& id : ids) {
    const paper::Form form = paper::load_form(arguments[1], id).value();
    const std::string text = read_file(std::string(arguments[2]) + "/" + id + ".json", paper::data_bytes_max).value();
    document = paper::fill_form(form, paper::parse_paper_data(text).value()).value();
    measure(renderer, document, id);
  }
  paper::Table table{{{"STT", 1, paper::Align::center}, {"Mã"}, {"Hệ thống", 4}, {"Mức độ", 2}, {"Trạng thái", 2}}, {}};
  constexpr int rows = 3400;
  for (int i = 1; i <= rows; ++i) {
    const std::string number = std::to_string(i);
    table.rows.push_back({{{{number}},
                           {{"SC-" + number}},
                           {{"Hệ thống một cửa điện tử, máy chủ ứng dụng số " + number}},
                           {{i % 3 == 0 ? "Nghiêm trọng" : "Thông thường"}},
                           {{"Đã xử lý"}}}});
  }
  document.body = {std::move(table)};
  measure(renderer, document, "table");
}

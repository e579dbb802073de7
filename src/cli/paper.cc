// luy paper render | forms; sign and verify are in signature.cc
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "base/file.h"
#include "cli/command.h"
#include "paper/docx.h"
#include "paper/fill.h"
#include "paper/pdf.h"
#include "paper/template.h"

namespace luy::cli {
namespace {

constexpr const char* pack_default = "/usr/share/luy/regulation/4448-2017";
constexpr mode_t document_mode = 0640;

struct RenderArguments {
  std::string form;
  std::string data;
  std::string pack = pack_default;
  std::string pdf;  // One of the two at least.
  std::string docx;
  std::string fonts{paper::font_folder_default};
};

// What `luy paper sign --place` takes.
void print_places(Terminal& terminal, const paper::Pdf& pdf) {
  for (const paper::Placement& one : pdf.placements) {
    if (one.component != paper::Component::signature_space && one.component != paper::Component::annex_corner) continue;
    const bool annex = one.component == paper::Component::annex_corner;
    terminal.out << (annex ? "  phụ lục / annex " : "  chữ ký / signature ") << one.index + 1 << ": --place "
                 << one.page << "," << one.x_mm << "," << one.y_mm << "," << one.width_mm << "," << one.height_mm
                 << "\n";
  }
}

Result<void> render(Terminal& terminal, const RenderArguments& arguments) {
  LUY_TRY(const paper::Form form, paper::load_form(arguments.pack, arguments.form));
  LUY_TRY(const std::string text, read_file(arguments.data, paper::data_bytes_max));
  LUY_TRY(const paper::PaperData data, paper::parse_paper_data(text));
  LUY_TRY(const paper::Document document, paper::fill_form(form, data));
  if (!arguments.pdf.empty()) {
    LUY_TRY(const paper::PdfRenderer renderer, paper::PdfRenderer::open(arguments.fonts));
    LUY_TRY(const paper::Pdf pdf, renderer.render(document));
    LUY_TRY_VOID(write_file_durably(arguments.pdf, pdf.bytes, document_mode));
    terminal.out << printable(arguments.pdf) << ": " << pdf.pages << " trang / pages\n";
    print_places(terminal, pdf);
  }
  if (!arguments.docx.empty()) {
    LUY_TRY(const std::string bytes, paper::to_docx(document));
    LUY_TRY_VOID(write_file_durably(arguments.docx, bytes, document_mode));
    terminal.out << printable(arguments.docx) << "\n";
  }
  return {};
}

Result<void> list_forms(Terminal& terminal, const std::string& pack) {
  LUY_TRY(const std::vector<std::string> ids, paper::form_ids(pack));
  for (const std::string& id : ids) {
    LUY_TRY(const paper::Form form, paper::load_form(pack, id));
    terminal.out << id << "  " << printable(form.title.vi) << " / " << printable(form.title.en) << "\n";
  }
  return {};
}

}  // namespace

void add_paper_commands(CLI::App& app, Terminal& terminal) {
  CLI::App* family = app.add_subcommand("paper", "Văn bản: lập từ biểu mẫu / official documents from forms");
  family->require_subcommand(1);

  const auto r = std::make_shared<RenderArguments>();
  CLI::App* render_command = family->add_subcommand("render", "Lập văn bản từ biểu mẫu và dữ liệu / render a form");
  render_command->add_option("--form", r->form, "Mã biểu mẫu / the form's id")->required();
  render_command->add_option("--data", r->data, "Tệp dữ liệu JSON / the data, as JSON")->required();
  render_command->add_option("--pack", r->pack, "Thư mục gói quy chế / folder of the regulation pack");
  CLI::Option_group* results = render_command->add_option_group("results");
  results->add_option("--pdf", r->pdf, "Tệp PDF kết quả / where to write the PDF");
  results->add_option("--docx", r->docx,
                      "Tệp DOCX kết quả, để soạn tiếp / where to write the DOCX, for further editing");
  results->require_option(1, 2);
  render_command->add_option("--fonts", r->fonts, "Thư mục phông Tinos / folder of the Tinos fonts");
  render_command->callback([&terminal, r] {
    if (const auto done = render(terminal, *r); !done) terminal.fail(done.error());
  });

  const auto pack = std::make_shared<std::string>(pack_default);
  CLI::App* forms_command = family->add_subcommand("forms", "Liệt kê các biểu mẫu / list the forms");
  forms_command->add_option("--pack", *pack, "Thư mục gói quy chế / folder of the regulation pack");
  forms_command->callback([&terminal, pack] {
    if (const auto done = list_forms(terminal, *pack); !done) terminal.fail(done.error());
  });
  add_signature_commands(*family, terminal);
}

}  // namespace luy::cli

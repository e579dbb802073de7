// luy paper sign | verify
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "base/file.h"
#include "base/random.h"
#include "cli/command.h"
#include "seal/time_stamp_call.h"
#include "signature/appearance.h"
#include "signature/outside.h"
#include "signature/sign.h"
#include "signature/signer.h"
#include "signature/worker.h"

namespace luy::cli {
namespace {

namespace sig = luy::signature;

constexpr std::size_t secret_bytes_max = 1024;
constexpr std::size_t picture_bytes_max = 8 << 20;
constexpr std::size_t list_bytes_max = 16 << 20;
constexpr mode_t signed_mode = 0640;

struct SignArguments {
  std::string in;
  std::string out;
  std::string module;
  std::string token;
  std::string key;
  std::string pin_file;
  std::string key_file;
  std::string password_file;
  std::vector<double> place;  // Page, x, y, width, height in mm; or none.
  std::string picture;
  std::string seal;
  std::string name;
  std::string agency;
  std::string reason;
  std::string time_stamp;
  std::string fonts{paper::font_folder_default};
};

// The first line: editors leave a line end.
Result<std::string> read_secret(const std::string& file) {
  if (file.empty()) return std::string();
  LUY_TRY(std::string text, read_file(file, secret_bytes_max));
  return text.substr(0, text.find_first_of("\r\n"));
}

Result<std::unique_ptr<sig::Signer>> open_signer(const SignArguments& a) {
  if (!a.key_file.empty()) {
    LUY_TRY(const std::string password, read_secret(a.password_file));
    return sig::open_key_file(a.key_file, password);
  }
  LUY_TRY(std::string pin, read_secret(a.pin_file));
  return sig::open_token({a.module, a.token, a.key, std::move(pin), {}});
}

Result<sig::Appearance> look_of(const SignArguments& a, const sig::VisiblePlace& space, const std::string& signer,
                                Time now) {
  LUY_TRY(const paper::PdfRenderer renderer, paper::PdfRenderer::open(a.fonts));
  if (a.picture.empty()) return sig::text_appearance(renderer, space, {"", signer, a.agency, now});
  LUY_TRY(std::string picture, read_file(a.picture, picture_bytes_max));
  if (a.seal.empty()) return sig::person_appearance(renderer, space, std::move(picture));
  LUY_TRY(std::string seal, read_file(a.seal, picture_bytes_max));
  return sig::seal_appearance(renderer, space, picture, std::move(seal));
}

Result<void> sign(Terminal& terminal, const SignArguments& a) {
  LUY_TRY(const std::string pdf, read_file(a.in, sig::pdf_bytes_max));
  LUY_TRY(const std::unique_ptr<sig::Signer> signer, open_signer(a));
  sig::SignRequest request;
  request.time = terminal.clock.now();
  request.name = a.name.empty() ? signer->certificate().common_name : a.name;
  request.reason = a.reason;
  if (!a.place.empty()) {
    const sig::VisiblePlace space{static_cast<unsigned>(a.place[0]), a.place[1], a.place[2], a.place[3], a.place[4]};
    LUY_TRY(sig::Appearance look, look_of(a, space, request.name, request.time));
    request.place = look.place;
    request.appearance = std::move(look.pdf);
  }
  SystemRandom random;
  sig::TimeStamping stamping;
  if (!a.time_stamp.empty()) stamping = {seal::time_stamp_call(a.time_stamp), &random};
  LUY_TRY(const std::string done, sig::sign_pdf(pdf, request, *signer, stamping));
  LUY_TRY_VOID(write_file_durably(a.out, done, signed_mode));
  terminal.out << printable(a.out) << ": " << printable(signer->certificate().subject) << "\n";
  return {};
}

struct VerifyArguments {
  std::string pdf;
  std::string trust;
  std::vector<std::string> crls;
  std::vector<std::string> ocsp;
  bool require_revocation = false;
  std::string original;
  std::string worker;
};

Result<std::vector<std::string>> read_all(const std::vector<std::string>& files) {
  std::vector<std::string> out;
  for (const std::string& file : files) {
    LUY_TRY(std::string bytes, read_file(file, list_bytes_max));
    out.push_back(std::move(bytes));
  }
  return out;
}

void print(Terminal& terminal, const sig::SignatureReport& one) {
  terminal.out << printable(one.field) << ": " << sig::name_of(one.state) << "\n  " << printable(one.vi()) << "\n  "
               << printable(one.en()) << "\n";
  if (!one.detail.empty()) terminal.out << "  (" << printable(one.detail) << ")\n";
}

Result<void> verify(Terminal& terminal, const VerifyArguments& a) {
  LUY_TRY(const std::string pdf, read_file(a.pdf, sig::pdf_bytes_max));
  LUY_TRY(const std::string trust, read_file(a.trust, list_bytes_max));
  sig::VerifyOptions options;
  options.now = terminal.clock.now();
  LUY_TRY(options.anchors, sig::read_certificates(trust));
  LUY_TRY(options.crls, read_all(a.crls));
  LUY_TRY(options.ocsp_answers, read_all(a.ocsp));
  options.require_revocation = a.require_revocation;
  if (!a.original.empty()) {
    LUY_TRY(const std::string original, read_file(a.original, sig::pdf_bytes_max));
    options.original = sig::handed_out(original);
  }
  const std::filesystem::path worker = a.worker.empty() ? sig::worker_program() : std::filesystem::path(a.worker);
  LUY_TRY(const sig::Verification found, sig::verify_in_worker(worker, pdf, options));
  for (const sig::SignatureReport& one : found.signatures) print(terminal, one);
  if (found.signatures.empty()) terminal.out << "Văn bản chưa được ký số. / The document is not signed.\n";
  if (!found.original_fault.empty()) {
    terminal.out << "Không phải văn bản gốc cộng chữ ký. / Not the original plus signatures. ("
                 << printable(found.original_fault) << ")\n";
  }
  if (!found.all_valid()) terminal.exit = ExitCode::fault;
  return {};
}

void add_sign(CLI::App& family, Terminal& terminal) {
  const auto a = std::make_shared<SignArguments>();
  CLI::App* command = family.add_subcommand("sign", "Ký số tệp PDF / sign a PDF");
  command->add_option("--pdf", a->in, "Tệp PDF cần ký / the PDF to sign")->required();
  command->add_option("--out", a->out, "Tệp kết quả / where to write the signed PDF")->required();
  CLI::Option* module = command->add_option("--module", a->module, "Trình điều khiển PKCS#11 / the PKCS#11 driver");
  CLI::Option* token = command->add_option("--token", a->token, "Nhãn thiết bị / the token's label")->needs(module);
  CLI::Option* key = command->add_option("--key", a->key, "Nhãn khóa / the key's label")->needs(token);
  CLI::Option* pin = command->add_option("--pin-file", a->pin_file, "Tệp chứa mã PIN / file with the PIN")->needs(key);
  module->needs(token)->needs(key)->needs(pin);
  CLI::Option* file = command->add_option("--key-file", a->key_file, "Tệp PKCS#12 hoặc PEM, để thử / for trials");
  file->excludes(module);
  command->add_option("--password-file", a->password_file, "Tệp chứa mật khẩu / file with its password")->needs(file);
  CLI::Option* place =
      command->add_option("--place", a->place, "Trang và vị trí, mm / page, x, y, width, height in mm");
  place->expected(5)->delimiter(',');
  CLI::Option* picture = command->add_option("--image", a->picture, "Ảnh chữ ký PNG / picture of the signature");
  picture->needs(place);
  command->add_option("--seal", a->seal, "Ảnh con dấu PNG, đóng lên 1/3 ảnh chữ ký / the agency's seal")
      ->needs(picture);
  command->add_option("--name", a->name, "Tên người ký / the signer's name");
  command->add_option("--agency", a->agency, "Tên cơ quan / the agency's name");
  command->add_option("--reason", a->reason, "Lý do ký / the reason");
  command
      ->add_option("--time-stamp", a->time_stamp,
                   "Địa chỉ dịch vụ cấp dấu thời gian RFC 3161 / URL of a time-stamp service")
      ->check([](const std::string& url) {
        const bool fits = url.starts_with("http://") || url.starts_with("https://");
        return fits ? std::string() : "http://… | https://…";
      });
  command->add_option("--fonts", a->fonts, "Thư mục phông Tinos / folder of the Tinos fonts");
  command->callback([&terminal, a] {
    if (a->key_file.empty() && a->module.empty()) throw CLI::RequiredError("--module | --key-file");
    if (const auto done = sign(terminal, *a); !done) terminal.fail(done.error());
  });
}

void add_verify(CLI::App& family, Terminal& terminal) {
  const auto a = std::make_shared<VerifyArguments>();
  CLI::App* command =
      family.add_subcommand("verify", "Kiểm tra chữ ký số của tệp PDF / verify the signatures of a PDF");
  command->add_option("pdf", a->pdf, "Tệp PDF / the PDF")->required();
  command->add_option("--trust", a->trust, "Chứng thư gốc tin cậy, PEM / the trust anchors")->required();
  command->add_option("--crl", a->crls, "Danh sách thu hồi / revocation lists");
  command->add_option("--ocsp", a->ocsp, "Câu trả lời OCSP / OCSP answers");
  command->add_flag("--require-revocation", a->require_revocation,
                    "Phải kiểm tra được thu hồi / revocation must be known");
  command->add_option("--original", a->original, "Văn bản đã giao đi ký / the document that was handed out");
  command->add_option("--worker", a->worker, "Tiến trình kiểm tra / the worker program");
  command->callback([&terminal, a] {
    if (const auto done = verify(terminal, *a); !done) terminal.fail(done.error());
  });
}

}  // namespace

void add_signature_commands(CLI::App& family, Terminal& terminal) {
  add_sign(family, terminal);
  add_verify(family, terminal);
}

}  // namespace luy::cli

// Signing and verifying a paper, as the hub does it: medians of 7, wall time too, since processes are started.
//   sign_key_file        prepared and signed in this process (CPU)
//   seal_on_token        the whole of a seal: rendered anew for its place, the token in its process, the PDF prepared
//   in
//                        the sandbox (wall); left out where SoftHSM2 or OpenSC is not installed
//   verify_in_worker     two signatures verified in the sandbox (wall)
// Arguments: the pack's folder, the folder of sample data, a folder to write to, where signed.pdf is left.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "base/file.h"
#include "paper/fill.h"
#include "paper/pdf.h"
#include "seal/seal_desk.h"
#include "signature/fixture.h"
#include "signature/outside.h"
#include "signature/token_process.h"
#include "signature/worker.h"

namespace {

using namespace luy;

constexpr const char* form_id = "bien-ban-ket-thuc";
constexpr std::size_t file_bytes_max = 8 << 20;

double seconds(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

void measure(const std::string& name, clockid_t clock, const std::function<void()>& run) {
  constexpr int runs = 7;
  std::vector<double> all;
  for (int i = 0; i < runs; ++i) {
    const double begin = seconds(clock);
    run();
    all.push_back(seconds(clock) - begin);
  }
  std::sort(all.begin(), all.end());
  std::printf("%s %.6g ms\n", name.c_str(), all[runs / 2] * 1e3);
}

std::string bytes_of(const std::string& path) {
  return read_file(path, file_bytes_max).value();
}

// The declaration of a seal on the token of the tests.
bool declare(const std::string& seals) {
  const std::string declaration = R"({"agency": "A", "name": "ỦY BAN NHÂN DÂN PHƯỜNG THỬ", "module": ")" +
                                  signature::softhsm().string() +
                                  R"(", "token": "vanthu", "key": "agency", "pin_file": "pin", "picture": "seal.png",
                                  "issuers": ")" +
                                  (signature::pki() / "issuing.crt").string() + R"("})";
  return make_folder(seals) && write_file_durably(seals + "/a.json", declaration) &&
         write_file_durably(seals + "/pin", "1234") && write_file_durably(seals + "/seal.png", signature::red_seal());
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return 2;
  const std::string folder = arguments[3];
  const SystemClock clock;
  SystemRandom random;
  const auto renderer = paper::PdfRenderer::open();
  if (!renderer) return 1;
  const paper::Form form = paper::load_form(arguments[1], form_id).value();
  const std::string sample = bytes_of(std::string(arguments[2]) + "/" + form_id + ".json");
  const paper::Document document = paper::fill_form(form, paper::parse_paper_data(sample).value()).value();
  const std::string issued = renderer->render(document).value().bytes;

  const auto head = signature::signer("person");
  std::string both;
  measure("sign_key_file", CLOCK_PROCESS_CPUTIME_ID,
          [&] { both = signature::sign_pdf(issued, {clock.now()}, *head).value(); });

  if (!signature::softhsm().empty()) {
    if (!declare(folder + "/seals")) return 1;
    seal::SealDesk desk({folder + "/seals", signature::worker_program(), signature::token_program(),
                         paper::font_folder_default, clock, random});
    const std::string by_head = both;
    measure("seal_on_token", CLOCK_MONOTONIC, [&] { both = desk.seal("A", by_head, document).value().pdf; });
  }

  signature::VerifyOptions options;
  options.now = clock.now();
  options.anchors = signature::read_certificates(bytes_of(signature::pki() / "anchors.pem")).value();
  options.original = signature::handed_out(issued);
  bool valid = true;
  measure("verify_in_worker", CLOCK_MONOTONIC, [&] {
    const auto found = signature::verify_in_worker(signature::worker_program(), both, options);
    valid = valid && found && found->all_valid();
  });
  if (!valid) std::fprintf(stderr, "the signatures are not valid\n");
  return valid && write_file_durably(folder + "/signed.pdf", both) ? 0 : 1;
}

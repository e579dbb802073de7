// For tests: a book of cases over a real database, real forms and PDFs; only the verifier of signatures is a stand-in
// that believes what the file says.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "directory/fixture.h"
#include "incident/case_book.h"
#include "incident/fixture.h"
#include "paper/pdf.h"

namespace luy::incident {

namespace json = boost::json;
using namespace std::chrono_literals;

// "…issued bytes…%signed:agency_head", or no role: a stranger; several parted by ";", each as "roles" or
// "roles@name". Whoever holds a role is registered. Anything that does not begin with the issued file is forged.
class Believer final : public Signatures {
 public:
  Result<std::vector<Signer>> verify(std::string_view file, std::string_view issued, const AgencyId&) override {
    if (!file.starts_with(issued)) return Error(not_signed, "khác nội dung");
    file.remove_prefix(issued.size());
    if (!file.starts_with("\n%signed:")) return std::vector<Signer>{};
    file.remove_prefix(9);
    std::vector<Signer> out;
    for (bool more = true; more;) {
      const std::size_t end = file.find(';');
      const std::string_view each = file.substr(0, end);
      const std::size_t at = std::min(each.find('@'), each.size());
      Signer one{"Nguyễn Văn An", {}, Time(), {}};
      if (at > 0) {
        one.roles.emplace_back(each.substr(0, at));
      }
      if (at < each.size()) one.name = each.substr(at + 1);
      if (at > 0) one.account = "account of " + one.name;
      out.push_back(std::move(one));
      more = end != std::string_view::npos;
      if (more) file.remove_prefix(end + 1);
    }
    return out;
  }
};

inline std::vector<records::Migration> all_migrations() {
  std::vector<records::Migration> out;
  for (const auto part : {directory::migrations(), finding::migrations(), migrations()}) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

struct BookTest : testing::Test {
  BookTest()
      : database(*records::open_sqlite(folder.path / "records.db", all_migrations())),
        audit(*database, sink, clock),
        playbooks(*load_playbooks(pack_folder(), test_process())),
        vault(*Vault::open(folder.path / "files")),
        renderer(*paper::PdfRenderer::open()) {
    forms = *FormBook::open({*database, audit, clock, test_process(), pack_folder()});
    agency = AgencyId::make(clock.now(), random);
    other = AgencyId::make(clock.now(), random);
    life = std::make_unique<PaperLife>(
        PaperLife::Dependencies{clock, test_process(), *forms, vault,
                                [this](const paper::Document& document) -> Result<std::string> {
                                  LUY_TRY(paper::Pdf pdf, renderer.render(document));
                                  return std::move(pdf.bytes);
                                },
                                signatures,
                                [] {
                                  return std::optional(paper::EvidenceMark{"luy:evidence/7/00ff", "Mã gốc: 00ff"});
                                },
                                [this](const AgencyId&) { return accounts; }});
    book =
        std::make_unique<CaseBook>(CaseBook::Dependencies{*database, audit, clock, random, test_process(), playbooks,
                                                          calendar, *forms, vault, *life, [](const AgencyId&) {
                                                            Issuer out;
                                                            out.letterhead = {"UBND PHƯỜNG BỈM SƠN",
                                                                              "VĂN PHÒNG HĐND VÀ UBND",
                                                                              "Văn phòng HĐND và UBND phường Bỉm Sơn",
                                                                              "Bỉm Sơn",
                                                                              "VP",
                                                                              "",
                                                                              ""};
                                                            out.name = "Văn phòng HĐND và UBND phường Bỉm Sơn";
                                                            out.superior = "UBND phường Bỉm Sơn";
                                                            out.address = "Số 1 Trần Phú, Bỉm Sơn";
                                                            out.phone = "0237 377 0000";
                                                            out.email = "vp@bimson.thanhhoa.gov.vn";
                                                            out.head = "Nguyễn Văn An";
                                                            return out;
                                                          }});
    findings = std::move(*finding::Book::open({*database, clock, random, Duration(4h), finding::Severity::high, {}}));
    officer = actor("Lê Văn Cường", {"security_officer"});
    head = actor("Nguyễn Văn An", {"agency_head"});
  }

  Actor actor(std::string name, std::vector<std::string> roles) {
    Actor out;
    out.caller = directory::server_operator();
    out.name = std::move(name);
    out.permit = [this](const AgencyId& where) -> Result<void> {
      if (where == agency) return {};
      return Error(directory::not_allowed, "cơ quan khác");
    };
    out.roles_in = [roles](const AgencyId&) { return roles; };
    return out;
  }

  NewCase wanted(const char* kind = "malware") {
    NewCase out;
    out.agency = agency;
    out.title = "Máy chủ tệp bị mã hóa";
    out.description = "Lúc 7 giờ 45 không mở được tệp trên FS-01.";
    out.system = "Máy chủ FS-01";
    out.discovered = clock.now() - 2h;
    out.found.kind = kind;
    return out;
  }

  Result<Case> move(const CaseId& id, const char* event, const char* reason = "",
                    std::map<std::string, std::string> fields = {}) {
    return book->move(officer, id, event, reason, fields);
  }

  std::string iso_local(Time time) { return to_rfc3339(time + vietnam_offset).substr(0, 16); }

  json::object meeting() {
    json::object person{{"name", "Nguyễn Văn An"}, {"position", "Chánh Văn phòng"}};
    return {{"started", iso_local(clock.now() - 1h)},
            {"ended", iso_local(clock.now())},
            {"venue", "Phòng họp số 2"},
            {"chair", person},
            {"attendees", json::array{person}}};
  }

  // As the people of the fixture sign: the officer wrote the minutes, the head is in the chair.
  static std::string hands_of(const std::string& form) {
    const bool is_minutes = form.starts_with("bien-ban-tu") || form.starts_with("bien-ban-ket");
    return is_minutes ? "security_officer@Lê Văn Cường;agency_head" : "agency_head";
  }

  // Draft, issue, sign: as officials do.
  CasePaper signed_paper(const CaseId& id, const std::string& form, json::object fields) {
    const auto draft = book->draft(officer, id, form, fields);
    EXPECT_TRUE(draft) << draft.error().text();
    const auto issued = book->issue(officer, draft->id);
    EXPECT_TRUE(issued) << form << ": " << issued.error().vi();
    const auto done = book->take_signed(head, issued->id, *vault.get(issued->pdf) + "\n%signed:" + hands_of(form));
    EXPECT_TRUE(done) << done.error().text();
    return *done;
  }

  json::object outcome(const char* value) {
    json::object out = meeting();
    out["outcome"] = value;
    out["actions"] = json::array{json::object{{"action", "Cách ly máy"}}};
    if (std::string_view(value) == "resolved") out["resolved_at"] = iso_local(clock.now());
    if (std::string_view(value) == "beyond") out["beyond_reason"] = "Không giải mã được";
    return out;
  }

  TestFolder folder;
  FakeClock clock{at("2026-11-23T03:00:00Z")};
  SeededRandom random{7};
  directory::KeptAudit sink;
  std::unique_ptr<records::Database> database;
  directory::AuditTrail audit;
  Playbooks playbooks;
  regulation::Calendar calendar;
  std::unique_ptr<FormBook> forms;
  // Who can stand in the place of a person: one account for each name, as Believer has them.
  std::vector<NamedAccount> accounts{{"account of Nguyễn Văn An", "Nguyễn Văn An", "an"},
                                     {"account of Lê Văn Cường", "Lê Văn Cường", "cuong"}};
  Vault vault;
  paper::PdfRenderer renderer;
  Believer signatures;
  AgencyId agency, other;
  std::unique_ptr<PaperLife> life;
  std::unique_ptr<CaseBook> book;
  std::unique_ptr<finding::Book> findings;
  Actor officer, head;
};

}  // namespace luy::incident

// A directory for tests: a fresh database in a folder of its own, a clock that stands still, cheap passwords, and a
// sink that keeps what it is given.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "directory/directory.h"

namespace luy::directory {

class KeptAudit final : public AuditSink {
 public:
  Result<void> append(const AuditRecord& record) override {
    if (failing) return Error(passwords_busy);
    records.push_back(record);
    return {};
  }
  // "act outcome object-kind": what most tests look at.
  std::vector<std::string> acts() const {
    std::vector<std::string> out;
    for (const AuditRecord& record : records) {
      const auto line = boost::json::parse(record.json).as_object();
      std::string act(line.at("event.action").as_string());
      if (const auto* code = line.if_contains("error.code")) act += " " + std::string(code->as_string());
      out.push_back(std::move(act));
    }
    return out;
  }
  boost::json::object last() const { return boost::json::parse(records.back().json).as_object(); }

  std::vector<AuditRecord> records;
  bool failing = false;
};

class DirectoryTest : public testing::Test {
 protected:
  DirectoryTest() {
    std::string name = (std::filesystem::temp_directory_path() / "luy-directory-XXXXXX").string();
    LUY_CHECK(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    reopen();
  }
  ~DirectoryTest() override {
    directory_.reset();
    database_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  void reopen(Options options = {}) {
    options.passwords = password_cost_of_tests;
    directory_.reset();
    database_.reset();
    database_ = *records::open_sqlite(folder_ / "records.db", migrations());
    directory_ = *Directory::open(*database_, sink_, clock_, random_, options);
  }

  FirstSetup first_setup() const {
    FirstSetup setup;
    setup.agency_code = "UBND";
    setup.agency_name = "Ủy ban nhân dân phường Bỉm Sơn";
    setup.person_name = "Nguyễn Thị Lan";
    setup.username = "Quantri1";
    return setup;
  }

  // The town with its first administrator, whose password is "sông mã chảy về đông".
  void set_up_town() {
    const auto first = *directory_->set_up(first_setup());
    town_ = first.agency;
    administrator_ = first.account;
    token_ = change_issued("Quantri1", *first.one_time_password, own_password);
    actor_ = directory_->sessions().authenticate(token_, Touch::no)->actor;
  }

  // Signs in with the issued password and changes it; the new session's token.
  std::string change_issued(const std::string& username, const std::string& issued, std::string_view wanted) {
    const auto signed_in = *sign_in(username, issued);
    return directory_->sessions().change_password({signed_in.token, issued, wanted, "192.0.2.1"})->token;
  }

  Result<SignedIn> sign_in(std::string_view username, std::string_view password,
                           std::string_view address = "192.0.2.1") {
    return directory_->sessions().sign_in({username, password, address, ""});
  }

  bool alive(const std::string& token) { return directory_->sessions().authenticate(token, Touch::no).has_value(); }

  Caller administrator() { return caller_of(actor_, "192.0.2.1"); }

  Agency add_agency(const std::string& code, const AgencyId& superior) {
    return *directory_->agencies().create(
        administrator(), {code, "Cơ quan " + code, "", AgencyKind::department, superior, std::nullopt});
  }

  IssuedAccount add_account(const std::string& username, Role role, const AgencyId& agency) {
    // On the server itself, where one person is enough however many may give roles already.
    return *directory_->accounts().create(server_operator(), {agency, "Người " + username, username, {{role, agency}}});
  }

  static constexpr std::string_view own_password = "sông mã chảy về đông";

  std::filesystem::path folder_;
  FakeClock clock_{*from_rfc3339("2026-11-22T03:00:00Z")};
  SystemRandom random_;
  KeptAudit sink_;
  std::unique_ptr<records::Database> database_;
  std::unique_ptr<Directory> directory_;
  AgencyId town_;
  AccountId administrator_;
  std::string token_;
  Actor actor_;
};

}  // namespace luy::directory

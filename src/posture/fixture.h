// For tests: a workstation in a ward, a catalogue of four checks, the book of exceptions and the watch over both.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "directory/fixture.h"
#include "hardening/load.h"
#include "inventory/fixture.h"
#include "posture/exception_book.h"
#include "posture/watch.h"

namespace luy::posture {

inline constexpr std::string_view test_checks = R"(group: ssh
checks:
- id: first
  severity: high
  title: {vi: "Một", en: "One"}
  why: {vi: "Vì", en: "Because"}
  read: {reader: sshd, key: A, default: "x"}
  right: {is: ["y"]}
  mend: "sửa một"
  references: ["CIS 1.1"]
- id: second
  severity: medium
  title: {vi: "Hai", en: "Two"}
  why: {vi: "Vì", en: "Because"}
  read: {reader: sshd, key: B, default: "x"}
  right: {is: ["y"]}
  mend: "sửa hai"
  references: ["CIS 1.2"]
- id: of-servers
  severity: high
  title: {vi: "Của máy chủ", en: "Of servers"}
  why: {vi: "Vì", en: "Because"}
  read: {reader: sshd, key: C, default: "x"}
  right: {is: ["y"]}
  applies: {classes: [server]}
  mend: "sửa ba"
  references: ["CIS 1.3"]
- id: unused
  severity: low
  title: {vi: "Bốn", en: "Four"}
  why: {vi: "Vì", en: "Because"}
  read: {reader: sshd, key: D, default: "x"}
  right: {is: ["y"]}
  mend: "sửa bốn"
  references: ["CIS 1.4"]
)";

struct PostureTest : testing::Test {
  PostureTest() {
    const hardening::CheckFile file{"checks/test.yaml", test_checks};
    catalogue = std::move(hardening::load_checks({&file, 1}).value());
    for (const auto part : {directory::migrations(), inventory::migrations(), migrations()}) {
      tables.insert(tables.end(), part.begin(), part.end());
    }
    reopen();
    device = w.enrol("may-1", w.ward, "desktop");
  }
  void reopen() {
    watch.reset();
    book.reset();
    audit.reset();
    w.open(tables);
    audit = std::make_unique<directory::AuditTrail>(*w.database, sink, w.clock);
    book = std::move(ExceptionBook::open({*w.database, *audit, w.clock}).value());
    watch = std::make_unique<Watch>(Watch::Dependencies{*w.inventory, *book, catalogue, w.clock,
                                                        [this](const finding::Report& one) -> Result<void> {
                                                          if (refuse) return Error(check_unknown);
                                                          reports.push_back(one);
                                                          return {};
                                                        }});
  }
  void look() { EXPECT_TRUE(watch->look().has_value()); }
  void report(const DeviceId& of, std::vector<fact::CheckResult> results) {
    w.clock.advance(std::chrono::seconds(1));
    fact::Hardening checks;
    checks.catalogue = catalogue.digest;
    checks.results = std::move(results);
    w.report(of, checks);
  }
  inventory::StatePointer state(const DeviceId& of) const { return w.inventory->state(of); }

  inventory::World w;
  hardening::Catalogue catalogue;
  std::vector<records::Migration> tables;
  directory::KeptAudit sink;
  std::unique_ptr<directory::AuditTrail> audit;
  std::unique_ptr<ExceptionBook> book;
  std::unique_ptr<Watch> watch;
  directory::Caller caller = directory::server_operator();
  std::vector<finding::Report> reports;
  bool refuse = false;
  DeviceId device;
};

}  // namespace luy::posture

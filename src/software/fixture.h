// For tests: a town with two wards and a workstation in each, the book of requests and the watch.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "directory/fixture.h"
#include "inventory/fixture.h"
#include "software/request_book.h"
#include "software/watch.h"

namespace luy::software {

struct SoftwareTest : testing::Test {
  SoftwareTest() {
    for (const auto part : {directory::migrations(), inventory::migrations(), migrations()}) {
      tables.insert(tables.end(), part.begin(), part.end());
    }
    reopen();
    device = w.enrol("may-1", w.ward, "desktop");
    there = w.enrol("may-khac", w.other_ward, "desktop");
    staff = AccountId::make(w.clock.now(), w.random);
  }
  void reopen() {
    watch.reset();
    book.reset();
    audit.reset();
    w.open(tables);
    audit = std::make_unique<directory::AuditTrail>(*w.database, sink, w.clock);
    book = std::move(RequestBook::open({*w.database, *audit, w.clock, w.random}).value());
    watch = std::make_unique<Watch>(
        Watch::Dependencies{*w.inventory, *book, builtin_marks(), w.clock, [this](const finding::Report& one) {
                              if (refuse) return Result<void>(Error(request_over));
                              reports.push_back(one);
                              return Result<void>();
                            }});
  }
  // name, version, who asked for it.
  void install(const DeviceId& on, const std::vector<std::array<std::string, 3>>& list) {
    w.clock.advance(std::chrono::seconds(1));
    fact::Packages out;
    out.manager = "dpkg";
    for (const auto& [name, version, by] : list) {
      out.packages.push_back({name, version, "amd64", w.clock.now()});
      if (!by.empty()) out.packages.back().installed_by = by;
    }
    w.report(on, out);
  }
  std::vector<inventory::Approval> allow(const AgencyId& agency, const std::string& product,
                                         std::optional<Day> until = {}) {
    inventory::NewApproval wanted;
    wanted.agency = agency;
    wanted.items = {{product, "*"}};
    wanted.expires_on = until;
    wanted.approved_by = "Trần Thị B";
    return w.inventory->approve(wanted).value();
  }
  SoftwareRequest wish(const std::string& product = "LibreOffice") const {
    SoftwareRequest out;
    out.agency = w.ward;
    out.account = staff;
    out.asked_by = "Lê Lan";
    out.product = product;
    out.why = "Soạn văn bản";
    out.device = "Máy phòng Văn thư";
    return out;
  }
  inventory::World w;
  std::vector<records::Migration> tables;
  directory::KeptAudit sink;
  std::unique_ptr<directory::AuditTrail> audit;
  std::unique_ptr<RequestBook> book;
  std::unique_ptr<Watch> watch;
  directory::Caller caller = directory::server_operator();
  std::vector<finding::Report> reports;
  bool refuse = false;
  DeviceId device, there;
  AccountId staff;
};

}  // namespace luy::software

// A town with notices for tests: settings made by the server's operator, so that one person is enough.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "directory/fixture.h"
#include "notice/outbox.h"

namespace luy::notice {

class NoticeTest : public directory::DirectoryTest {
 protected:
  NoticeTest() {
    set_up_town();
    open();
  }
  ~NoticeTest() override {
    outbox_.reset();
    setup_.reset();
  }

  // Also what a restart does.
  void open() {
    outbox_.reset();
    setup_.reset();
    directory_.reset();
    database_.reset();
    std::vector<records::Migration> all(directory::migrations().begin(), directory::migrations().end());
    all.insert(all.end(), migrations().begin(), migrations().end());
    database_ = *records::open_sqlite(folder_ / "records.db", all);
    directory::Options options;
    options.passwords = directory::password_cost_of_tests;
    directory_ = *directory::Directory::open(*database_, sink_, clock_, random_, options);
    const auto lineage = [this](const AgencyId& agency) { return directory_->agencies().lineage(agency); };
    setup_ = *notice::Setup::open({*database_, *directory_, clock_, random_, lineage,
                                   [this, lineage] {
                                     return directory::Object{lineage(town_), std::nullopt, false};
                                   },
                                   [this] { ++changes_; }});
    outbox_ =
        std::make_unique<Outbox>(Outbox::Dependencies{*database_, *directory_, clock_, random_, *setup_, lineage});
  }

  static Settings wanted() {
    Settings out;
    out.mail = MailServer{true, "mail.bimson.gov.vn", 587, Security::starttls, "", "", "", "luy@bimson.gov.vn"};
    out.domains = {"gov.vn"};
    out.webhook_hosts = {{"soc.thanhhoa.gov.vn", {}}, {"siem.lan", {"10.56.0.0/16"}}};
    return out;
  }
  void turn_on() { ASSERT_TRUE(setup_->propose(directory::server_operator(), wanted())); }

  WebhookSettings hook() const {
    return {"SOC tỉnh", town_, "https://soc.thanhhoa.gov.vn/luy", "", {Kind::finding, Kind::verdict}, true};
  }
  WebhookId add_hook() {
    const auto made = setup_->propose_webhook(directory::server_operator(), hook());
    LUY_CHECK_MSG(made.has_value(), made ? "" : made.error().text());
    return made->webhook;
  }

  PersonId person(const std::string& name, const std::string& email) {
    return directory_->people().create(directory::server_operator(), {town_, name, "", email})->id;
  }

  Event event(const std::string& key, Kind kind, std::vector<PersonId> to) const {
    Event out{key, kind, town_, clock_.now(), {"Phát hiện mới mức cao", "A new finding of high severity"}};
    out.path = "/findings/x";
    out.to = std::move(to);
    return out;
  }
  std::size_t tell(const Event& one) { return outbox_->tell(std::span(&one, 1)).value(); }
  std::size_t waiting(Channel channel) const {
    return static_cast<std::size_t>(outbox_->counts(channel, std::nullopt)->waiting);
  }

  std::unique_ptr<notice::Setup> setup_;
  std::unique_ptr<Outbox> outbox_;
  int changes_ = 0;
};

}  // namespace luy::notice

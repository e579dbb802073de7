// The running hub's part for orders: their book, the act that takes two, what the consoles are told.
#include "base/log.h"
#include "hub/backup_desk.h"
#include "hub/release_desk.h"
#include "hub/signature_desk.h"
#include "hub/software_desk.h"
#include "hub/state.h"

namespace luy::hub {
namespace {

struct OrderTitle {
  std::string vi;
  std::string en;
};

OrderTitle title_of(const order::Body& body) {
  struct Titles {
    OrderTitle operator()(const order::IsolateNetwork&) const { return {"cô lập khỏi mạng", "isolate itself"}; }
    OrderTitle operator()(const order::ReleaseNetwork&) const { return {"gỡ cô lập", "end its isolation"}; }
    OrderTitle operator()(const order::BlockAddress& body) const {
      return {"chặn địa chỉ " + body.address, "block " + body.address};
    }
    OrderTitle operator()(const order::UnblockAddress& body) const {
      return {"bỏ chặn địa chỉ " + body.address, "unblock " + body.address};
    }
    OrderTitle operator()(const order::StopProcess& body) const {
      return {"dừng tiến trình " + body.path, "stop the process " + body.path};
    }
    OrderTitle operator()(const order::CollectVolatile&) const {
      return {"thu thập dữ liệu tạm thời", "collect volatile data"};
    }
    OrderTitle operator()(const order::CollectNow&) const { return {"thu thập lại ngay", "collect its facts now"}; }
    OrderTitle operator()(const order::RestoreQuarantined&) const {
      return {"khôi phục tệp đã cách ly", "restore a quarantined file"};
    }
    OrderTitle operator()(const order::DeleteQuarantined&) const {
      return {"xóa hẳn tệp đã cách ly", "delete a quarantined file for good"};
    }
    OrderTitle operator()(const order::BackupNow& body) const {
      return {"sao lưu ngay bộ " + body.set, "back up " + body.set + " now"};
    }
    OrderTitle operator()(const order::DrillRestore& body) const {
      return {"diễn tập phục hồi bộ " + body.set, "drill the restore of " + body.set};
    }
    OrderTitle operator()(const order::PreviewRestore& body) const {
      return {"xem trước phục hồi bộ " + body.set, "preview a restore of " + body.set};
    }
    OrderTitle operator()(const order::RestoreBackup& body) const {
      return {"phục hồi bộ " + body.set, "restore " + body.set};
    }
  };
  return std::visit(Titles{}, body);
}

}  // namespace

Result<void> Hub::State::open_orders() {
  OrderBook::Dependencies of_book{core->database(),
                                  core->orders_key(),
                                  clock,
                                  random,
                                  [this](const DeviceId& device, const AgencyId& agency, const std::string& id) {
                                    publish_order(device, agency, id);
                                  },
                                  [this](records::Connection& c, const OrderNote& note) { return note_case(c, note); }};
  LUY_TRY(orders, OrderBook::open(std::move(of_book)));
  order_api.reset(new OrderApi{*orders, core->agencies(), core->directory().audit(), core->directory().acts(),
                               [this](const DeviceId& device) { return agency_of(device); },
                               [this](const DeviceId& device) { return device_name(device); },
                               [this](const DeviceId& device) {
                                 const inventory::StatePointer state = inventory->state(device);
                                 return state ? std::optional(state->device.agency) : std::nullopt;
                               },
                               [this](std::string_view id) { return order_case(id); },
                               [this] { return incidents->cases().new_act(); }});
  core->directory().acts().add_kind(std::string(contain_act), contain_kind(*order_api));
  return open_policies();
}

void Hub::State::open_agents() {
  agents = std::make_unique<AgentService>(AgentService::Dependencies{
      core->writer(), *enrolment, core->ca(), [this](const DeviceId& device) { return agency_of(device); }, *orders,
      *policies,
      [this](const DeviceId& device, std::string_view body) { return software_desk->give_list(device, body); },
      [this](const DeviceId& device) { return backups->give_key(device); },
      [this](const DeviceId& device, const std::string& address) { premises->seen_from(device, address); },
      [this](const AgencyId& agency, std::string_view body) { return signatures->give(agency, body); },
      [this](const DeviceId& device, const AgencyId& agency, std::string_view body) {
        return releases->give(device, agency, body);
      },
      [this](std::string_view body) { return releases->give_piece(body); },
      [this](const DeviceId& device, const AgencyId& agency, std::string_view body) {
        return releases->remove(device, agency, body);
      }});
}

Result<OrderCase> Hub::State::order_case(std::string_view id) {
  const auto parsed = incident::CaseId::parse(id);
  if (!parsed) return Error(incident::case_unknown);
  LUY_TRY(const incident::Case one, incidents->cases().find(*parsed));
  const incident::ProcessState* state = incidents->cases().process().state(one.state);
  return OrderCase{one.id.text(), one.number, one.agency, state == nullptr || state->is_end};
}

Result<void> Hub::State::note_case(records::Connection& c, const OrderNote& note) {
  const order::Order& order = note.order;
  const auto device = DeviceId::trusted(order.device);
  const std::string known = device_name(device);
  const std::string name = known.empty() ? order.device : known;
  const OrderTitle title = title_of(order.body);
  boost::json::object data{{"order", order.id}, {"device", order.device}, {"type", order::type_name(order.body)}};
  incident::Text text;
  switch (note.what) {
    case OrderNote::What::issued:
      data["state"] = "waiting";
      text = {"Ra lệnh " + title.vi + " cho máy " + name + ": " + order.reason,
              "Ordered the machine " + name + " to " + title.en + ": " + order.reason};
      if (!order.agreed_by.empty()) data["agreed_by"] = order.agreed_by;
      break;
    case OrderNote::What::cancelled:
      data["state"] = "cancelled";
      text = {"Hủy lệnh " + title.vi + " cho máy " + name, "Cancelled the order to " + title.en + " of " + name};
      break;
    case OrderNote::What::settled:
      data["state"] = order::name_of(note.result->outcome);
      text = {"Máy " + name + " trả lời lệnh " + title.vi + ": " + note.result->vi,
              "The machine " + name + " answered the order to " + title.en + ": " + note.result->en};
      break;
  }
  if (note.seq) data["seq"] = *note.seq;
  return incidents->cases().note_in(c, incident::CaseId::trusted(note.case_id), note.by, "order",
                                    {incident::clean_text(text.vi, incident::text_bytes_max),
                                     incident::clean_text(text.en, incident::text_bytes_max)},
                                    std::move(data), note.act);
}

void Hub::State::publish_order(const DeviceId& device, const AgencyId& agency, const std::string& id) {
  const auto known = orders->find(device, id);
  const auto of = known ? incident::CaseId::parse(known->case_id) : std::nullopt;
  if (of) {
    if (const auto one = incidents->cases().find(*of)) publish_incident(*one, "changed", {});
  }
  feed->publish_order(agency, device, [&] {
    const auto kept = orders->find(device, id);
    const std::string_view state = kept ? name_of(kept->state) : std::string_view("waiting");
    return boost::json::serialize(boost::json::object{{"id", id}, {"device", device.text()}, {"state", state}});
  });
}

void Hub::State::heard(const evidence::Record& record) {
  report_alarm(record);
  // The desks are opened after the pipeline.
  if (backups != nullptr) backups->take(record);
  if (signatures != nullptr) signatures->take(record);
  if (releases != nullptr) releases->take(record);
}

// A second person may have agreed to an order or to other settings.
void Hub::State::note_orders() {
  note_policies();
  if (auto fresh = orders->refresh(); !fresh) log(LogLevel::error, "hub", "orders: " + fresh.error().text());
}

}  // namespace luy::hub

// The minutes of a restore drill.
#include "hub/backup_desk.h"

namespace luy::hub {
namespace {

std::string grouped(std::int64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, ".");
  return out;
}

std::string two(int number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

// "14 giờ 05 phút, ngày 25 tháng 11 năm 2026"
std::string spoken(Time at) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(at - day_begin(day_of(at))).count();
  return std::to_string(minutes / 60) + " giờ " + two(static_cast<int>(minutes % 60)) + " phút, " +
         paper::long_date(day_of(at));
}

paper::Field field(std::string label, std::string value) {
  paper::Field out;
  out.label = std::move(label);
  out.value = std::move(value);
  return out;
}

// In whole sentences; the words are those of docs/format/facts.md.
std::string reason(const std::string& because) {
  if (because == "differing") return "Có tệp thiếu, khác bản đã sao lưu, hoặc cơ sở dữ liệu không mở được.";
  if (because == "damaged") return "Bản sao lưu bị hỏng khi đọc lại.";
  if (because == "scratch_full") return "Ổ đĩa của máy không đủ chỗ để phục hồi thử.";
  if (because == "medium_absent") return "Thiết bị lưu trữ ngoài bị rút ra giữa chừng.";
  if (because == "repository_gone") return "Không còn kho sao lưu.";
  if (because == "wrong_key") return "Khóa của kho sao lưu không đúng.";
  return "Mã lỗi: " + because + ".";
}

paper::Paragraph paragraph(std::string text) {
  paper::Paragraph out;
  out.spans = {{std::move(text)}};
  return out;
}

}  // namespace

paper::Document drill_minutes(const fact::RestoreDrill& drill, const std::string& device_name,
                              const std::string& agency_name, const std::string& superior_name,
                              const std::string& medium, Time now) {
  paper::Document out;
  out.superior = paper::capitals(superior_name);
  out.issuer = paper::capitals(agency_name);
  out.notation = "/BB";
  out.date = day_of(now);
  out.created = now;
  out.type_name = "BIÊN BẢN";
  out.subject = "Diễn tập phục hồi dữ liệu từ bản sao lưu";
  out.body.emplace_back(paper::LegalBasis{
      {"Căn cứ Điều 5 Quy chế ban hành kèm theo Quyết định số 4448/QĐ-UBND về bảo đảm an toàn thông tin"}});
  out.body.emplace_back(
      paragraph("Hệ thống Lũy đã tự phục hồi thử dữ liệu vào nơi tạm trên máy, đối chiếu từng tệp với "
                "mã băm SHA-256 ghi lúc sao lưu rồi xóa bản phục hồi thử. Kết quả như sau:"));
  out.body.emplace_back(paper::Heading{"1. Nội dung diễn tập"});
  out.body.emplace_back(field("Bộ dữ liệu", drill.set));
  out.body.emplace_back(field("Máy", device_name));
  out.body.emplace_back(field("Nơi lưu bản sao",
                              drill.target == "medium" ? "Thiết bị lưu trữ ngoài: " + medium : "Kho sao lưu trên đĩa"));
  out.body.emplace_back(field("Mã bản sao lưu", drill.snapshot));
  out.body.emplace_back(field("Bắt đầu", spoken(drill.started_at)));
  out.body.emplace_back(field("Kết thúc", spoken(drill.ended_at)));
  out.body.emplace_back(paper::Heading{"2. Kết quả"});
  paper::Table table;
  table.columns = {{"Nội dung đối chiếu", 3, paper::Align::left}, {"Kết quả", 1, paper::Align::right}};
  const auto row = [&](const char* what, std::int64_t count) {
    table.rows.push_back({{{{what}}, {{grouped(count)}}}});
  };
  row("Số tệp phục hồi được", drill.files);
  row("Dung lượng (byte)", drill.bytes);
  row("Số tệp khác với bản đã sao lưu", drill.differing);
  row("Số tệp bị thiếu", drill.missing);
  row("Số cơ sở dữ liệu đã mở và kiểm tra", drill.databases);
  out.body.emplace_back(std::move(table));
  out.body.emplace_back(paragraph(drill.passed ? "Kết luận: ĐẠT. Dữ liệu phục hồi được nguyên vẹn."
                                               : "Kết luận: KHÔNG ĐẠT. " + reason(drill.because)));
  if (!drill.report_sha256.empty()) {
    out.body.emplace_back(paragraph(
        "Danh sách từng tệp kèm mã băm được giữ trên máy; mã SHA-256 của danh sách: " + drill.report_sha256 + "."));
  }
  paper::Signature officer;
  officer.authority = {"CÁN BỘ PHỤ TRÁCH", "AN TOÀN THÔNG TIN"};
  officer.note = "(Ký, ghi rõ họ tên)";
  paper::Signature head;
  head.authority = {"THỦ TRƯỞNG ĐƠN VỊ"};
  head.note = "(Ký, ghi rõ họ tên)";
  out.signatures = {officer, head};
  out.copies = {"Lưu: VT, hồ sơ an toàn thông tin"};
  return out;
}

}  // namespace luy::hub

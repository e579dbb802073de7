// Log records of the OpenTelemetry protocol (OTLP/HTTP 1.x, ExportLogsServiceRequest), in protobuf or JSON, each as one
// line of JSON: what the record says with what its resource and scope say of it. Both encodings of the same record give
// the same line. Pure. docs/format/inputs.md has the line's members.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace luy::intake {

inline constexpr ErrorKind otlp_malformed{"intake.otlp_malformed", ErrorClass::invalid,
                                          "Yêu cầu OTLP sai khuôn dạng: {}. Không ghi nhận phần nào.",
                                          "The OTLP request is malformed: {}. Nothing of it was stored."};

inline constexpr std::size_t otlp_records_max = 20'000;
inline constexpr std::size_t otlp_depth_max = 32;              // Of values within values.
inline constexpr std::size_t otlp_lines_bytes_max = 64 << 20;  // A resource's attributes stand in every line of it.
inline constexpr std::size_t otlp_line_bytes_max = 1 << 20;

struct OtlpLogs {
  std::vector<std::string> lines;
  std::size_t rejected = 0;  // Records whose line would be longer than otlp_line_bytes_max.
};

// Errors of both: otlp_malformed.
Result<OtlpLogs> otlp_from_protobuf(std::string_view body);
Result<OtlpLogs> otlp_from_json(std::string_view body);

// ExportLogsServiceResponse and google.rpc.Status, in both encodings.
std::string otlp_response(bool json, std::size_t rejected, std::string_view message);
std::string otlp_status(bool json, int code, std::string_view message);

}  // namespace luy::intake

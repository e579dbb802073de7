// The measures of decree 30/2020, annex I, that both renderers keep to. Where the decree leaves a range, the value Lũy
// uses stands first and the range in the comment; the tests measure rendered pages against the ranges. F-7.x are the
// entries of the project's collection of legal facts, each with its place in the decree.
#pragma once

#include <string_view>

namespace luy::paper::style {

inline constexpr std::string_view font_family = "Tinos";  // Metrics of Times New Roman, as F-7.1 demands.
inline constexpr std::string_view docx_font_family = "Times New Roman";  // Every office suite has it or a twin.

inline constexpr double page_width_mm = 210;  // A4, F-7.1.
inline constexpr double page_height_mm = 297;
inline constexpr double margin_top_mm = 20;     // 20–25, F-7.1.
inline constexpr double margin_bottom_mm = 20;  // 20–25.
inline constexpr double margin_left_mm = 30;    // 30–35.
inline constexpr double margin_right_mm = 15;   // 15–20.
inline constexpr double text_width_mm = page_width_mm - margin_left_mm - margin_right_mm;
inline constexpr double page_number_pt = 13;  // 13–14, centred in the top margin, not on page 1, F-7.1.
inline constexpr double page_number_top_mm = 9;

// The coherent set of F-7.16: national name 12, motto 13, date 13.
inline constexpr double national_name_pt = 12;     // Bold capitals, 12–13, F-7.2.
inline constexpr double motto_pt = 13;             // Bold, 13–14, line of its own width beneath, F-7.3.
inline constexpr double superior_pt = 12;          // Capitals, 12–13, F-7.4.
inline constexpr double issuer_pt = 12;            // Bold capitals, 12–13, F-7.5.
inline constexpr double issuer_rule_share = 0.4;   // Line beneath: 1/3–1/2 of the width, F-7.5.
inline constexpr double notation_pt = 13;          // "Số:" 13, F-7.6.
inline constexpr double date_pt = 13;              // Italic, 13–14, F-7.7.
inline constexpr double title_pt = 14;             // Bold capitals, 13–14, F-7.8.
inline constexpr double subject_pt = 14;           // Bold, 13–14, F-7.8.
inline constexpr double subject_rule_share = 0.4;  // Line beneath: 1/3–1/2, F-7.8.
inline constexpr double letter_subject_pt = 12;    // "V/v", 12–13, 6 pt under the number, F-7.9.
inline constexpr double letter_subject_gap_pt = 6;
inline constexpr double body_pt = 14;                 // 13–14, F-7.10.
inline constexpr double first_line_indent_mm = 12.7;  // 1 or 1,27 cm, F-7.10.
inline constexpr double paragraph_gap_pt = 6;         // At least 6, F-7.10.
inline constexpr double line_factor = 1.1;            // Single to 1,5, F-7.10.
inline constexpr double authority_pt = 14;            // Bold capitals, 13–14, F-7.11.
inline constexpr double signer_pt = 14;               // Bold, 13–14, F-7.12.
inline constexpr double recipients_pt = 14;           // Kính gửi, 13–14, F-7.13.
inline constexpr double copies_title_pt = 12;         // Bold italic, F-7.14.
inline constexpr double copies_pt = 11;               // F-7.14.
inline constexpr double contact_pt = 11;              // 11–12, F-7.15.
inline constexpr double annex_label_pt = 14;          // Bold, F-7.17.
inline constexpr double annex_title_pt = 14;          // Bold capitals, 13–14, F-7.17.
inline constexpr double stamp_pt = 13;
inline constexpr double stamp_height_mm = 8;        // F-7.15.
inline constexpr double stamp_urgent_mm = 20;       // KHẨN 20 × 8.
inline constexpr double stamp_very_urgent_mm = 40;  // THƯỢNG KHẨN 40 × 8.
inline constexpr double stamp_express_mm = 30;      // HỎA TỐC 30 × 8.

// What the decree leaves to the issuer.
inline constexpr double header_left_mm = 66;  // The issuer's half of the header; the nation's has the rest.
inline constexpr double header_gap_mm = 2;
inline constexpr double signature_space_mm = 30;  // For a signature and, over its left third, a seal of 36 mm.
inline constexpr double table_pt = 12;
inline constexpr double caption_pt = 12;
inline constexpr double note_pt = 11;
inline constexpr double evidence_pt = 9;
inline constexpr double evidence_mm = 22;  // QR code: 0,4 mm a module at version 8 with its quiet zone.
inline constexpr double cell_padding_mm = 1.2;
inline constexpr double rule_pt = 0.6;

inline constexpr double pt_per_mm = 72 / 25.4;

}  // namespace luy::paper::style

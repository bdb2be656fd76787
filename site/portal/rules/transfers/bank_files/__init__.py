"""Files that banks give: 全銀 200-byte records (振込入金通知 01, 入出金取引明細 03), the same as CSV, and banks' own CSV.

A file is read whole or refused whole. `reading.read_bank_file` is the only way in.
"""

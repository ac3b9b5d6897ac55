"""Corporate numbers (法人番号): thirteen digits, of which the first checks the rest."""

from madoguchi.japan.digits import is_digits, without_separators


def check_digit(base: str) -> int:
    """Return the check digit (1-9) of a twelve-digit base number.

    法人番号の指定等に関する省令（平成26年財務省令第70号）第2条; raises ValueError unless given 12 digits.
    """
    if not is_digits(base, 12):
        raise ValueError("法人番号の基礎番号は12桁の数字です。")
    weighted = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(base)))
    return 9 - weighted % 9


def is_valid(number: str) -> bool:
    """Tell whether this is a well-formed corporate number in its plain thirteen-digit form."""
    return is_digits(number, 13) and int(number[0]) == check_digit(number[1:])


def normalise(text: str) -> str:
    """Return the plain thirteen digits of a typed number; raises ValueError if it is not a valid one."""
    number = without_separators(text)
    if not is_digits(number, 13):
        raise ValueError("法人番号は13桁の数字で入力してください。")
    if not is_valid(number):
        raise ValueError("法人番号が正しくありません。番号をもう一度お確かめください。")
    return number


def normalise_invoice_number(text: str) -> str:
    """Return a qualified-invoice number (適格請求書発行事業者の登録番号) as T and thirteen digits.

    A sole proprietor's thirteen digits are not a corporate number, so only the shape is checked.
    Raises ValueError on anything else.
    """
    number = without_separators(text).upper()
    if not (number.startswith("T") and is_digits(number[1:], 13)):
        raise ValueError("登録番号は「T」と13桁の数字で入力してください。")
    return number

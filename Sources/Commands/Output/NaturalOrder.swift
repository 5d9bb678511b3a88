/// The order in which Docker lists names: digits by their number, so that `net2` comes before `net10`.
enum NaturalOrder {
    static func isLess(_ left: String, _ right: String) -> Bool {
        var (left, right) = (left[...], right[...])
        while let first = left.first, let second = right.first {
            let numbers = (number(left), number(right))
            if let one = numbers.0, let other = numbers.1 {
                if one.value != other.value { return one.value < other.value }
                if one.digits != other.digits { return one.digits < other.digits }
                left = left.dropFirst(one.digits)
                right = right.dropFirst(other.digits)
            } else if first != second {
                return first < second
            } else {
                left = left.dropFirst()
                right = right.dropFirst()
            }
        }
        return left.isEmpty && !right.isEmpty
    }

    private static func number(_ text: Substring) -> (value: UInt64, digits: Int)? {
        let digits = text.prefix { ("0"..."9").contains($0) }
        return UInt64(digits).map { ($0, digits.count) }
    }
}

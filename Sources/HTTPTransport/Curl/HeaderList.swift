import CCurl

/// The owner of a list of header lines.
@safe struct HeaderList: ~Copyable {
    let first: UnsafeMutablePointer<curl_slist>?

    init(_ headers: HTTPHeaders) throws(HTTPError) {
        var list: UnsafeMutablePointer<curl_slist>?
        // libcurl would wait for a permission to send a large body: a round trip.
        for line in headers.fields.map({ "\($0.name): \($0.value)" }) + ["Expect:"] {
            guard let longer = unsafe curl_slist_append(list, line) else {
                unsafe curl_slist_free_all(list)
                throw HTTPError(.notSent, "out of memory")
            }
            unsafe list = longer
        }
        unsafe first = list
    }

    deinit {
        unsafe curl_slist_free_all(first)
    }
}

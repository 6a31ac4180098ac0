// Shows the content of one record inside an opaque origin: what the bytes do here reaches no key and no other record.
export {}

package dev.sojourn;

/** How much of a client's IP address a session keeps from its sign-in; see {@link StoreConfig#deviceAddress}. */
public enum DeviceAddress {
    /** The whole address. It is personal data in many countries. */
    WHOLE,
    /** The network: the first 24 bits of an IPv4 address and the first 48 bits of an IPv6 address; the rest is zero. */
    SHORTENED,
    /** No address. */
    NONE
}

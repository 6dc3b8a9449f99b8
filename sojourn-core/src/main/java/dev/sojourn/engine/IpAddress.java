package dev.sojourn.engine;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An IP address, equal to every other spelling of itself: brackets, zones, upper case and omitted zeros make no
 * difference, and an IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2) equals the IPv4 address. Parses literals only: a name
 * would cause a lookup.
 */
final class IpAddress {
    /** The number of bits before an IPv4 address within an IPv6 one. */
    private static final int MAPPED_BITS = 96;
    /** How Java writes the last 80 bits of an IPv6 network of 48 bits. */
    private static final String ZERO_REST = ":0:0:0:0:0";

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])";
    /** Java may look up any other text that contains a colon or looks like numbers with dots. */
    private static final Pattern LITERAL =
            Pattern.compile(OCTET + "(\\." + OCTET + "){3}|(?=.*:)[0-9A-Fa-f:][0-9A-Fa-f:.]*");

    private final byte[] bytes;
    private final boolean mapped;

    private IpAddress(byte[] bytes, boolean mapped) {
        this.bytes = bytes;
        this.mapped = mapped;
    }

    /** Parses an address without brackets, zone or port; null if the text is not one. */
    static @Nullable IpAddress literal(String text) {
        if (!LITERAL.matcher(text).matches()) {
            return null;
        }
        try {
            byte[] bytes = InetAddress.getByName(text).getAddress();
            return new IpAddress(bytes, bytes.length == 4 && text.indexOf(':') >= 0);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /**
     * Parses an address as servers and proxies write it, possibly in brackets, with a zone or a port; null if the text
     * is not one.
     */
    static @Nullable IpAddress of(String text) {
        return literal(withoutZone(withoutPort(text.trim())));
    }

    private static String withoutPort(String text) {
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            boolean wellFormed = close > 0 && text.indexOf(':') > 0 && isPort(text.substring(close + 1));
            return wellFormed ? text.substring(1, close) : text;
        }
        int colon = text.indexOf(':');
        boolean one = colon > 0 && colon == text.lastIndexOf(':');
        return one && isPort(text.substring(colon)) ? text.substring(0, colon) : text;
    }

    private static boolean isPort(String text) {
        return text.isEmpty() || (text.charAt(0) == ':' && text.chars().skip(1).allMatch(c -> c >= '0' && c <= '9'));
    }

    private static String withoutZone(String text) {
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    /** Returns the number of bits of its text form: 32 or 128. */
    int textBits() {
        return mapped ? Integer.SIZE + MAPPED_BITS : bytes.length * Byte.SIZE;
    }

    /** Converts a prefix length of the text form to one of the address; negative if there is none. */
    int prefix(int written) {
        return mapped ? written - MAPPED_BITS : written;
    }

    /** Returns whether another address begins with the same bits. */
    boolean sharesPrefix(IpAddress other, int bits) {
        if (other.bytes.length != bytes.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if (((bytes[bit / Byte.SIZE] ^ other.bytes[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns the network of the address as text: the first 24 bits of an IPv4 address, 48 of an IPv6 address. */
    String network() {
        boolean isV4 = bytes.length == 4;
        byte[] network = Arrays.copyOf(Arrays.copyOf(bytes, isV4 ? 3 : 6), bytes.length);
        String text = new IpAddress(network, false).toString();
        return isV4 ? text : text.substring(0, text.length() - ZERO_REST.length()) + "::";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress address && Arrays.equals(bytes, address.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Returns the address as {@link InetAddress#getHostAddress} writes it, without brackets and zone. */
    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}

package dev.sojourn.engine;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An IP address, equal to every other spelling of itself: brackets, zones, capitals and left-out zeros make no difference,
 * and an IPv4 address that is written as an IPv6 one (RFC 4291 §2.5.5.2) is the IPv4 address. Reads literals only: a name
 * would be looked up.
 */
final class IpAddress {
    /** The bits that precede an IPv4 address within an IPv6 one. */
    private static final int MAPPED_BITS = 96;

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])";
    /** Java may look up anything else that contains a colon or looks like numbers with dots. */
    private static final Pattern LITERAL =
            Pattern.compile(OCTET + "(\\." + OCTET + "){3}|(?=.*:)[0-9A-Fa-f:][0-9A-Fa-f:.]*");

    private final byte[] bytes;
    private final boolean mapped;

    private IpAddress(byte[] bytes, boolean mapped) {
        this.bytes = bytes;
        this.mapped = mapped;
    }

    /** Reads an address without brackets, zone and port; null if the text is none. */
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

    /** Reads an address as servers and proxies write one: maybe in brackets, with a zone or a port; null if it is none. */
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

    /** How many bits its text has: 32 or 128. */
    int writtenBits() {
        return mapped ? Integer.SIZE + MAPPED_BITS : bytes.length * Byte.SIZE;
    }

    /** How many bits of the address a prefix fixes that was counted in the bits of its text; negative if none. */
    int prefix(int written) {
        return mapped ? written - MAPPED_BITS : written;
    }

    /** Whether another address begins with the same bits. */
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

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress address && Arrays.equals(bytes, address.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The address as {@link InetAddress#getHostAddress} writes it, without brackets and zone. */
    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}

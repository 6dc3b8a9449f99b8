package dev.sojourn;

import org.jspecify.annotations.Nullable;

/**
 * The device on which a user signed in, as far as the request showed it: a name to recognize it by, not an identity.
 * Immutable and thread-safe.
 *
 * @param name a short name such as {@code Firefox on Linux}: 1 to {@value #LONGEST_NAME} printable ASCII characters without
 *     quotation marks and backslashes; null if it is not known
 * @param address the client's IP address, whole or shortened, such as {@code 192.0.2.0}: 1 to {@value #LONGEST_ADDRESS}
 *     characters; null if it is not kept
 */
public record Device(@Nullable String name, @Nullable String address) {
    /** The maximum number of characters of a name. */
    public static final int LONGEST_NAME = 52;
    /** The maximum number of characters of an address: an IPv6 address with all its digits. */
    public static final int LONGEST_ADDRESS = 39;

    /**
     * Checks the texts.
     *
     * @param name a short name, or null
     * @param address the IP address, or null
     * @throws IllegalArgumentException if both are null, or if one has other characters or too many
     */
    public Device {
        if (name == null && address == null) {
            throw new IllegalArgumentException("a device has a name or an address");
        }
        require("name", name, LONGEST_NAME);
        require("address", address, LONGEST_ADDRESS);
    }

    private static void require(String what, @Nullable String text, int longest) {
        if (text == null) {
            return;
        }
        if (text.isEmpty() || text.length() > longest || !text.chars().allMatch(Device::isPlain)) {
            throw new IllegalArgumentException("the " + what + " of a device has 1 to " + longest
                    + " printable ASCII characters without quotation marks and backslashes");
        }
    }

    private static boolean isPlain(int c) {
        return c >= ' ' && c < 0x7F && c != '"' && c != '\\';
    }

    /** Shows no address. */
    @Override
    public String toString() {
        return "Device[" + name + "]";
    }
}

package dev.sojourn.engine;

import dev.sojourn.Device;
import dev.sojourn.DeviceAddress;
import dev.sojourn.spi.Exchange;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a session keeps of the device on which its user signs in.
 *
 * @param address how much of the client's address
 * @param name the rule for the name
 */
record DeviceRules(DeviceAddress address, Function<? super Exchange, @Nullable String> name) {
    /** Everything but letters, digits and what names and versions contain: no mark-up, no controls, no other scripts. */
    private static final Pattern UNUSUAL = Pattern.compile("[^A-Za-z0-9 ._/()+,:-]+");

    private static final Pattern SPACES = Pattern.compile(" {2,}");
    /** A text is cut to this length before it is cleaned, so that a long one costs no more than a short one. */
    private static final int LONGEST_RAW = 4 * Device.LONGEST_NAME;

    /**
     * Returns the device of a request; null if nothing is known of it.
     *
     * @param exchange the request, as trusted proxies describe it
     */
    @Nullable
    Device of(Exchange exchange) {
        String shown = clean(name.apply(exchange));
        String kept = address(exchange.remoteAddress());
        return shown == null && kept == null ? null : new Device(shown, kept);
    }

    /** Returns a name with only the characters that it may have, cut to its greatest length; null if nothing is left. */
    static @Nullable String clean(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String start = text.substring(0, Math.min(text.length(), LONGEST_RAW));
        String plain = SPACES.matcher(UNUSUAL.matcher(start).replaceAll(" "))
                .replaceAll(" ")
                .trim();
        String cut = plain.substring(0, Math.min(plain.length(), Device.LONGEST_NAME))
                .trim();
        return cut.isEmpty() ? null : cut;
    }

    private @Nullable String address(String text) {
        IpAddress its = address == DeviceAddress.NONE ? null : IpAddress.of(text);
        if (its == null) {
            return null;
        }
        return address == DeviceAddress.WHOLE ? its.toString() : its.network();
    }
}

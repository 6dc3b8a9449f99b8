package dev.sojourn.servlet;

import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** Recognizes classes whose names the compiler or the runtime generates. The next build may give another class the same name. */
final class JsonGeneratedTypes {
    private JsonGeneratedTypes() {}

    /** Returns why a class cannot be registered, and what to do; null if its name is declared. */
    static @Nullable String rejection(Class<?> type) {
        if (Proxy.isProxyClass(type)) {
            return "it is a proxy: store the object behind it";
        }
        if (type.isHidden()) {
            return "it is code (a lambda or a method reference), not data: store the data that it uses";
        }
        return type.isAnonymousClass()
                ? "it is an anonymous class: declare a record, an enum or a named class instead"
                : null;
    }
}

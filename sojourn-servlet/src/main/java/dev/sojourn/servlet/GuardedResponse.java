package dev.sojourn.servlet;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** A response that ignores changes to its head once that is final, as containers do for a committed response. */
abstract class GuardedResponse extends HttpServletResponseWrapper {
    GuardedResponse(HttpServletResponse response) {
        super(response);
    }

    /** Returns whether the head can no longer change. */
    abstract boolean isHeadFinal();

    @Override
    public void setStatus(int status) {
        if (!isHeadFinal()) {
            super.setStatus(status);
        }
    }

    @Override
    public void addCookie(Cookie cookie) {
        if (!isHeadFinal()) {
            super.addCookie(cookie);
        }
    }

    @Override
    public void setHeader(String name, String value) {
        if (!isHeadFinal()) {
            super.setHeader(name, value);
        }
    }

    @Override
    public void addHeader(String name, String value) {
        if (!isHeadFinal()) {
            super.addHeader(name, value);
        }
    }

    @Override
    public void setDateHeader(String name, long date) {
        if (!isHeadFinal()) {
            super.setDateHeader(name, date);
        }
    }

    @Override
    public void addDateHeader(String name, long date) {
        if (!isHeadFinal()) {
            super.addDateHeader(name, date);
        }
    }

    @Override
    public void setIntHeader(String name, int value) {
        if (!isHeadFinal()) {
            super.setIntHeader(name, value);
        }
    }

    @Override
    public void addIntHeader(String name, int value) {
        if (!isHeadFinal()) {
            super.addIntHeader(name, value);
        }
    }

    @Override
    public void setContentType(String type) {
        if (!isHeadFinal()) {
            super.setContentType(type);
        }
    }

    @Override
    public void setContentLength(int length) {
        if (!isHeadFinal()) {
            super.setContentLength(length);
        }
    }

    @Override
    public void setContentLengthLong(long length) {
        if (!isHeadFinal()) {
            super.setContentLengthLong(length);
        }
    }

    @Override
    public void setCharacterEncoding(String encoding) {
        if (!isHeadFinal()) {
            super.setCharacterEncoding(encoding);
        }
    }

    @Override
    public void setCharacterEncoding(Charset encoding) {
        if (!isHeadFinal()) {
            super.setCharacterEncoding(encoding);
        }
    }

    @Override
    public void setLocale(Locale locale) {
        if (!isHeadFinal()) {
            super.setLocale(locale);
        }
    }

    @Override
    public void setTrailerFields(Supplier<Map<String, String>> fields) {
        if (!isHeadFinal()) {
            super.setTrailerFields(fields);
        }
    }
}

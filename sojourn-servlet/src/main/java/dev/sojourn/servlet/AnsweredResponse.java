package dev.sojourn.servlet;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** A response whose head the handler cannot change once it is chosen, as containers have it for a committed response. */
abstract class AnsweredResponse extends HttpServletResponseWrapper {
    AnsweredResponse(HttpServletResponse response) {
        super(response);
    }

    /** Whether the head is chosen. */
    abstract boolean isAnswered();

    @Override
    public void setStatus(int status) {
        if (!isAnswered()) {
            super.setStatus(status);
        }
    }

    @Override
    public void addCookie(Cookie cookie) {
        if (!isAnswered()) {
            super.addCookie(cookie);
        }
    }

    @Override
    public void setHeader(String name, String value) {
        if (!isAnswered()) {
            super.setHeader(name, value);
        }
    }

    @Override
    public void addHeader(String name, String value) {
        if (!isAnswered()) {
            super.addHeader(name, value);
        }
    }

    @Override
    public void setDateHeader(String name, long date) {
        if (!isAnswered()) {
            super.setDateHeader(name, date);
        }
    }

    @Override
    public void addDateHeader(String name, long date) {
        if (!isAnswered()) {
            super.addDateHeader(name, date);
        }
    }

    @Override
    public void setIntHeader(String name, int value) {
        if (!isAnswered()) {
            super.setIntHeader(name, value);
        }
    }

    @Override
    public void addIntHeader(String name, int value) {
        if (!isAnswered()) {
            super.addIntHeader(name, value);
        }
    }

    @Override
    public void setContentType(String type) {
        if (!isAnswered()) {
            super.setContentType(type);
        }
    }

    @Override
    public void setContentLength(int length) {
        if (!isAnswered()) {
            super.setContentLength(length);
        }
    }

    @Override
    public void setContentLengthLong(long length) {
        if (!isAnswered()) {
            super.setContentLengthLong(length);
        }
    }

    @Override
    public void setCharacterEncoding(String encoding) {
        if (!isAnswered()) {
            super.setCharacterEncoding(encoding);
        }
    }

    @Override
    public void setCharacterEncoding(Charset encoding) {
        if (!isAnswered()) {
            super.setCharacterEncoding(encoding);
        }
    }

    @Override
    public void setLocale(Locale locale) {
        if (!isAnswered()) {
            super.setLocale(locale);
        }
    }

    @Override
    public void setTrailerFields(Supplier<Map<String, String>> fields) {
        if (!isAnswered()) {
            super.setTrailerFields(fields);
        }
    }
}

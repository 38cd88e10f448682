"""Scapy only here: dissection trees, captures and frames that are wrong on purpose."""

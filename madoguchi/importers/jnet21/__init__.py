"""支援情報ヘッドライン of J-Net21, an RSS feed of the newest notices."""
